"""Pages of the step Invite."""
