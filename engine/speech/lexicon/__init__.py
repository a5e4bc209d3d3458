"""The words that can be heard, and how each of them sounds."""
