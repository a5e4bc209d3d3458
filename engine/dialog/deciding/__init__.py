"""What a message does to the conversation."""
