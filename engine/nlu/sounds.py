"""Names found by their sound: what speech recognition or an input method makes of them (广洲)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pypinyin import lazy_pinyin

from engine.nlu.lexicon import Name
from engine.nlu.syllables import SYLLABLES

Span = tuple[int, int]

#: A word of two syllables that sounds like a city mostly is just that word (程度, 成都).
GUARDED = 2


class Sounds:
    """The names by their toneless syllables."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names: dict[str, Name] = {}
        for name in names:
            heard = [SYLLABLES[character] for character in name.text]
            if len(name.text) >= GUARDED and all(heard) and not name.text.endswith("市"):
                # 重庆 is chong qing as a word; its first character alone is zhong.
                self._names.setdefault(" ".join(lazy_pinyin(name.text)), name)
                self._names.setdefault(" ".join(heard), name)
        self._longest = max((len(name.text) for name in self._names.values()), default=0)

    def find(
        self, text: str, words: Sequence[str], taken: list[Span]
    ) -> Iterator[tuple[int, int, Name]]:
        """Names that sound like a part of a text that is not ``taken``; the longest of a place."""
        free = singles(words)
        heard = [SYLLABLES[character] for character in text]
        start = 0
        while start < len(text) - 1:
            end = self._end(text, heard, start, taken, free)
            if end:
                yield start, end, self._names[" ".join(heard[start:end])]
            start = end or start + 1

    def _end(
        self, text: str, heard: list[str], start: int, taken: list[Span], free: set[int]
    ) -> int:
        """Where the longest name that starts here ends; 0 for none."""
        for end in range(min(start + self._longest, len(heard)), start + 1, -1):
            if " ".join(heard[start:end]) not in self._names:
                continue
            if is_word_of_its_own(text, start, end):
                continue
            if any(start < right and left < end for left, right in taken):
                continue
            if end - start > GUARDED or free.issuperset(range(start, end)):
                return end
        return 0


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
