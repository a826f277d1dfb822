"""Pages of the step Enable."""
