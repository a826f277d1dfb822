"""Pages of the outbox, by what they are about."""
