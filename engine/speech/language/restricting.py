"""A model of some of the words of another."""

from __future__ import annotations

import math
from collections.abc import Iterable

from engine.speech.language.ngrams import (
    BEGIN,
    END,
    NEVER,
    Entry,
    NGrams,
    Words,
    histories,
    weighed,
)


def restricted(model: NGrams, vocabulary: Iterable[str]) -> NGrams:
    """The model given that nothing but these words is said: P(w|h) / P(any of them|h)."""
    kept = {*vocabulary, BEGIN, END}
    orders = [{w: e for w, e in table.items() if kept.issuperset(w)} for table in model.orders]
    masses = _Masses(NGrams(orders))
    done = [
        {words: (p - masses.log10(words[:-1]), 0.0) for words, (p, _) in table.items()}
        for table in orders
    ]
    done[0][(BEGIN,)] = (NEVER, 0.0)
    return weighed(NGrams(done))


class _Masses:
    """How much of the probability after a history the words have that are left."""

    def __init__(self, left: NGrams) -> None:
        self._left = left
        self._followers = [histories(table) for table in left.orders]
        self._known: dict[Words, float] = {}

    def log10(self, history: Words) -> float:
        return math.log10(self._mass(history))

    def _mass(self, history: Words) -> float:
        if history not in self._known:
            self._known[history] = max(self._summed(history), 1e-12)
        return self._known[history]

    def _summed(self, history: Words) -> float:
        table: dict[Words, Entry] = self._left.orders[len(history)]
        followers = self._followers[len(history)].get(history, [])
        own = sum(10 ** table[(*history, word)][0] for word in followers)
        if not history:
            return own
        lower = sum(10 ** self._left.log10(history[1:], word) for word in followers)
        return own + 10 ** self._left.backoff(history) * (self._mass(history[1:]) - lower)
