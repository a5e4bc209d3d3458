"""What a task needs next, and what came of it."""
