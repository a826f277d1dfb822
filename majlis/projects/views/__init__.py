"""Pages of change projects."""
