"""What is expected, as phrases that a run-time grammar of Vosk consists of."""
