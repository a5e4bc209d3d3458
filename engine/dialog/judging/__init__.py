"""What a message is worth: consent, a change, an answer, or none of them."""
