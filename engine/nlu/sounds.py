"""Names found by their sound: what a speech recogniser or an input method makes of them (广洲, 广州)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

if TYPE_CHECKING:
    from engine.nlu.lexicon import Name

Span = tuple[int, int]

#: A word of two syllables that sounds like a city is mostly just that word (程度, 成都; 背景, 北京).
GUARDED = 2


class Sounds:
    """The names by their toneless syllables."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names: dict[str, Name] = {}
        self._syllables: dict[str, str] = {}
        for name in names:
            if len(name.text) >= GUARDED and all(map(self.syllable, name.text)):
                self._names.setdefault(" ".join(lazy_pinyin(name.text, style=Style.NORMAL)), name)
                self._names.setdefault(" ".join(map(self.syllable, name.text)), name)
        self._longest = max((len(name.text) for name in self._names.values()), default=0)

    def syllable(self, character: str) -> str:
        """The commonest toneless reading of a character; empty when it has none."""
        known = self._syllables.get(character)
        if known is None:
            readings = PINYIN_DICT.get(ord(character), "")
            known = to_normal(readings.split(",")[0]) if readings else ""
            self._syllables[character] = known
        return known

    def find(
        self, text: str, words: list[str], taken: list[Span]
    ) -> Iterator[tuple[int, int, Name]]:
        """Names that sound like a part of ``text`` that is not ``taken``; the longest first in place."""
        loose = singles(words)
        syllables = [self.syllable(character) for character in text]
        start = 0
        while start < len(text) - 1:
            end = self._end(syllables, start, taken, loose)
            if end:
                yield start, end, self._names[" ".join(syllables[start:end])]
            start = end or start + 1

    def _end(self, syllables: list[str], start: int, taken: list[Span], loose: set[int]) -> int:
        """Where the longest name that starts here ends; 0 for none."""
        for end in range(min(start + self._longest, len(syllables)), start + 1, -1):
            if " ".join(syllables[start:end]) not in self._names:
                continue
            if any(start < right and left < end for left, right in taken):
                continue
            if end - start > GUARDED or loose.issuperset(range(start, end)):
                return end
        return 0


def singles(words: list[str]) -> set[int]:
    """The positions of the words of one character: what no word of the dictionary covers."""
    found, position = set(), 0
    for word in words:
        if len(word) == 1:
            found.add(position)
        position += len(word)
    return found
