"""The values that slots are known to have, from the marked phrases and from lookup tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from engine.nlu.folding import fold

#: The longest value that is looked for, in characters.
LONGEST = 24


class Values:
    """Values by their folded text: how often each is marked as which type."""

    def __init__(self, counts: dict[str, dict[str, int]]) -> None:
        self.counts = counts
        self._starts: dict[str, list[int]] = {}
        for text in counts:
            lengths = self._starts.setdefault(text[:1], [])
            if len(text) not in lengths:
                lengths.append(len(text))
        for lengths in self._starts.values():
            lengths.sort(reverse=True)

    @classmethod
    def of(cls, marked: Iterable[tuple[str, str]]) -> Values:
        """The values of (text, type) pairs, a pair for each time it is marked."""
        counted: dict[str, Counter[str]] = {}
        for text, kind in marked:
            if len(text) <= LONGEST:
                counted.setdefault(fold(text), Counter())[kind] += 1
        return cls({text: dict(sorted(kinds.items())) for text, kinds in sorted(counted.items())})

    def find(self, text: str, own: Sequence[tuple[str, str]] = ()) -> list[tuple[int, int, str]]:
        """(start, end, types) of the known values in a folded text: from the left, the longest.

        ``own`` are the marks of this very text, which training must not count: a value that only
        it has is not known.
        """
        mine = Counter(own)
        found, at = [], 0
        while at < len(text):
            for length in self._starts.get(text[at], ()):
                if (kinds := self.kinds(text[at : at + length], mine)) and at + length <= len(text):
                    found.append((at, at + length, "|".join(kinds)))
                    at += length
                    break
            else:
                at += 1
        return found

    def kinds(self, text: str, own: Counter[tuple[str, str]] | None = None) -> list[str]:
        """The types that a folded text is known to have, but for what ``own`` counts."""
        counts = self.counts.get(text)
        if counts is None:
            return []
        if not own:
            return list(counts)
        return [kind for kind, count in counts.items() if count > own[text, kind]]
