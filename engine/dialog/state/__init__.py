"""What a conversation and its task remember, and what one move is."""
