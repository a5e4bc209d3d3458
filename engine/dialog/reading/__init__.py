"""Which values an utterance holds, and which slot each is meant for."""
