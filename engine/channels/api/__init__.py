"""Other programs as a channel: JSON in, JSON out."""
