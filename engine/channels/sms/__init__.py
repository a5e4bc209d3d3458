"""Short messages through any gateway as a channel."""
