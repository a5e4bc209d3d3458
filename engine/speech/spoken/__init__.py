"""From written Chinese to what is said: numbers and letters as words, words as syllables.

Syllables are for who makes models (`spoken.readings`): what they need takes 45 MB and 0.4 s.
"""

from __future__ import annotations

from engine.speech.spoken.written import spoken, ways

__all__ = ["spoken", "ways"]
