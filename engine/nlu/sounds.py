"""Names found by their sound: what speech recognition or an input method makes of them (广洲)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from engine.nlu.lexicon import Name
from engine.nlu.syllables import SYLLABLES

Span = tuple[int, int]

#: A word of two syllables that sounds like a city mostly is just that word (程度, 成都).
GUARDED = 2
#: Between two places of a route.
_TO = ("飞", "到", "至")


class Sounds:
    """The names by their toneless syllables.

    ``readings`` are the syllables of words in which a character does not sound as it mostly does.
    """

    def __init__(self, names: Iterable[Name], readings: Mapping[str, Sequence[str]]) -> None:
        self._names: dict[str, Name] = {}
        for name in names:
            heard = [SYLLABLES[character] for character in name.text]
            if len(name.text) >= GUARDED and all(heard) and not name.text.endswith("市"):
                # 重庆 is chong qing as a word; its first character alone is zhong.
                self._names.setdefault(" ".join(syllables_of(name.text, readings)), name)
                self._names.setdefault(" ".join(heard), name)
        #: How long the longest name is that begins with two syllables.
        self._longest: dict[tuple[str, str], int] = {}
        for syllables in map(str.split, self._names):
            pair = syllables[0], syllables[1]
            self._longest[pair] = max(self._longest.get(pair, 0), len(syllables))

    def find(
        self, text: str, words: Sequence[str], taken: list[Span]
    ) -> Iterator[tuple[int, int, Name]]:
        """Names that sound like a part of a text that is not ``taken``; the longest of a place."""
        heard = [SYLLABLES[character] for character in text]
        # Of most places the first two syllables show that no name starts there.
        starts = [at for at, pair in enumerate(pairwise(heard)) if pair in self._longest]
        free = singles(words) if starts else set()
        past = 0
        for start in starts:
            if start >= past and (end := self._end(text, heard, start, taken, free)):
                yield start, end, self._names[" ".join(heard[start:end])]
                past = end

    def _end(
        self, text: str, heard: list[str], start: int, taken: list[Span], free: set[int]
    ) -> int:
        """Where the longest name that starts here ends; 0 for none."""
        longest = self._longest[heard[start], heard[start + 1]]
        for end in range(min(start + longest, len(heard)), start + 1, -1):
            if " ".join(heard[start:end]) not in self._names:
                continue
            if is_word_of_its_own(text, start, end):
                continue
            if any(start < right and left < end for left, right in taken):
                continue
            is_free = end - start > GUARDED or free.issuperset(range(start, end))
            if is_free or _ends_route(text, start, taken):
                return end
        return 0


def _ends_route(text: str, start: int, taken: list[Span]) -> bool:
    """Whether a place begins there, whatever the word means elsewhere: 光州 of 「上海飞光州」."""
    return text[start - 1 : start] in _TO and any(right == start - 1 for _, right in taken)


def syllables_of(text: str, readings: Mapping[str, Sequence[str]]) -> list[str]:
    """The syllables of a name, the longest of the words in it read as words."""
    heard = [SYLLABLES[character] for character in text]
    for word in sorted(readings, key=len):
        at = text.find(word)
        if at >= 0:
            heard[at : at + len(word)] = readings[word]
    return heard


def is_word_of_its_own(text: str, start: int, end: int) -> bool:
    """Whether characters that sound like a place are 姓周 (星洲) or in 十点半那班 (版纳)."""
    return text[start] == "姓" or (
        text[end - 1] == "那" and text[end : end + 1] in tuple("班个趟架张")
    )


def singles(words: Sequence[str]) -> set[int]:
    """The positions of the words of one character: what no word of the dictionary covers."""
    found, position = set(), 0
    for word in words:
        if len(word) == 1:
            found.add(position)
        position += len(word)
    return found
