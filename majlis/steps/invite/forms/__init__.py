"""Input of the step Invite."""
