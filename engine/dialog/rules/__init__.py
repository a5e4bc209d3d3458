"""What a message does to the conversation: the rules, in their order."""
