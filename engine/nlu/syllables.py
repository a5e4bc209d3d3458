"""How a character sounds, without its tone.

pypinyin also knows how 47,000 words sound. They take 45 MB and are left out of a process unless it
asks for them, as who makes speech models does (`engine.speech.spoken.readings`).
"""

from __future__ import annotations

import os

os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")

from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal


class _Syllables(dict[str, str]):
    """Fills itself; Unicode bounds its size."""

    def __missing__(self, character: str) -> str:
        readings = PINYIN_DICT.get(ord(character), "")
        self[character] = to_normal(readings.split(",")[0]) if readings else ""
        return self[character]


#: Character → its commonest toneless reading, empty where it has none.
SYLLABLES = _Syllables()
