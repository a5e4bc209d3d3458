"""Finding the answer to a question among written ones, by the characters that they share.

No learning: the weights are counted when the questions are read, which takes some 50 ms for a
hundred entries. `docs/nlu.md` tells how often the right entry is found, and above which score.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.nlu.features import Features, Settings

#: How much of the score is the likeness to all questions of an entry; the rest is to the nearest.
_WHOLE = 0.7

Vector = dict[str, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that customers ask: some ways to ask it, the answer, and where that is written."""

    id: str
    questions: tuple[str, ...]
    answer: str
    source: str

    @property
    def title(self) -> str:
        """The question as it is shown."""
        return self.questions[0]


@dataclass(frozen=True, slots=True)
class Match:
    """An entry and how well it fits, 0 to 1."""

    entry: Entry
    score: float


class Faq:
    """A set of entries that finds the ones that a question is about.

    >>> tea = Entry("tea", ("茶多少钱", "一壶茶什么价"), "一壶 20 元。", "价目表")
    >>> faq = Faq([tea, Entry("hours", ("几点开门", "营业时间"), "8:00 开门。", "店规")])
    >>> faq.find("茶什么价")[0].entry.id
    'tea'
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        # Sounds and words as well found no more of the held-out questions.
        settings = Settings(sounds=False, words=False, marks=False)
        self._features = Features(settings, lambda text: ())
        counts = [
            (entry.id, Counter(self._features(question)))
            for entry in self._entries.values()
            for question in entry.questions
        ]
        totals: dict[str, Counter[str]] = defaultdict(Counter)
        for owner, count in counts:
            totals[owner].update(count)
        among = len(totals)
        known = Counter(feature for total in totals.values() for feature in total)
        self._rarity = {f: math.log((1 + among) / (1 + n)) + 1 for f, n in known.items()}
        self._unknown = math.log(1 + among) + 1
        self._owners = [owner for owner, _ in counts] + list(totals)
        self._nearest = len(counts)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, count in enumerate([*(c for _, c in counts), *totals.values()]):
            for feature, weight in self._vector(count).items():
                self._postings[feature].append((number, weight))

    def __getitem__(self, id: str) -> Entry:
        """The entry of an id. Raises `KeyError`."""
        return self._entries[id]

    def __contains__(self, id: str) -> bool:
        return id in self._entries

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def find(self, question: str, *, most: int = 3) -> list[Match]:
        """The entries nearest to a question, best first; none that shares nothing with it."""
        likeness: dict[int, float] = defaultdict(float)
        for feature, weight in self._vector(Counter(self._features(question))).items():
            for number, other in self._postings.get(feature, ()):
                likeness[number] += weight * other
        scores = self._by_entry(likeness)
        best = sorted(scores, key=lambda owner: (-scores[owner], owner))[:most]
        return [Match(self._entries[owner], scores[owner]) for owner in best]

    def _by_entry(self, likeness: Mapping[int, float]) -> dict[str, float]:
        nearest: dict[str, float] = {}
        whole: dict[str, float] = {}
        for number, value in likeness.items():
            kept = nearest if number < self._nearest else whole
            owner = self._owners[number]
            kept[owner] = max(kept.get(owner, 0.0), value)
        return {o: (1 - _WHOLE) * nearest[o] + _WHOLE * whole[o] for o in nearest}

    def _vector(self, count: Mapping[str, int]) -> Vector:
        weights = {
            feature: (1 + math.log(times)) * self._rarity.get(feature, self._unknown)
            for feature, times in count.items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {feature: weight / length for feature, weight in weights.items()}
