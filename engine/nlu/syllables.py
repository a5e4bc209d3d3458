"""How a character sounds, without its tone."""

from __future__ import annotations

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
