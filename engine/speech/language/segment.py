"""Spoken text cut into the words of a lexicon, so that all models count the same words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

from engine.speech.language.ngrams import NGrams, Words

#: −log10 p of a word that no model has counted: rarer than any that one has.
UNCOUNTED = 7.0


class Segmenter:
    """Cuts text into known words, by the most probable division into single words."""

    def __init__(self, costs: Mapping[str, float]) -> None:
        """``costs``: word → −log10 of its probability."""
        self._costs = dict(costs)
        self._longest = max(map(len, costs), default=0)

    @classmethod
    def of(cls, words: list[str], model: NGrams | None = None) -> Segmenter:
        """A segmenter for the words of a lexicon; a model says how frequent they are."""
        known = model.orders[0] if model else {}
        return cls({word: -known.get((word,), (-UNCOUNTED, 0.0))[0] for word in words})

    def words(self, text: str) -> Words | None:
        """The words of a text without its spaces; None if some of it is in no word."""
        found: list[str] = []
        for part in text.split():
            cut = self._cut(part)
            if cut is None:
                return None
            found += cut
        return tuple(found)

    def _cut(self, text: str) -> list[str] | None:
        best = [(0.0, 0)] + [(math.inf, 0)] * len(text)
        for end in range(1, len(text) + 1):
            for start in range(max(0, end - self._longest), end):
                cost = best[start][0] + self._costs.get(text[start:end], math.inf)
                if cost < best[end][0]:
                    best[end] = (cost, start)
        if math.isinf(best[-1][0]):
            return None
        ends = [len(text)]
        while ends[-1]:
            ends.append(best[ends[-1]][1])
        return [text[start:end] for start, end in pairwise(reversed(ends))]
