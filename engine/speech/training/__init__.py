"""Training an acoustic model from recordings: the extra `banli[speech-training]`."""
