"""From written Chinese to what is said: numbers and letters as words, words as syllables."""

from __future__ import annotations

from engine.speech.spoken.readings import readings, usual, weighted
from engine.speech.spoken.written import spoken, ways

__all__ = ["readings", "spoken", "syllables", "ways", "weighted"]


def syllables(text: str) -> tuple[str, ...]:
    """The toneless syllables of written text; raises `Unspeakable`."""
    return usual(spoken(text))
