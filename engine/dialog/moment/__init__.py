"""One turn as rules see it, and the moves that all of them share."""
