"""Witten-Bell n-grams of weighted sentences.

Interpolated Witten-Bell: P(w|h) = (c(hw) + T(h) P(w|h')) / (c(h) + T(h)), T(h) being how many
different words follow h (Chen and Goodman 1998, section 2.6). It takes fractional counts, which
sentences made of one template have, and needs no counts of counts as Kneser-Ney does.
"""

from __future__ import annotations

import math
from collections import defaultdict
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

#: A sentence, and how often it counts.
Weighted = tuple[Words, float]


def estimated(sentences: Iterable[Weighted], vocabulary: Iterable[str], order: int = 3) -> NGrams:
    """A model over a vocabulary; sentences with other words must have been left out."""
    counts = _counts(sentences, order)
    words = {*vocabulary, END} - {BEGIN}
    table = _unigrams(counts[0], words)
    model = NGrams([table])
    for following in counts[1:]:
        model.orders.append(_higher(following, model))
    table[(BEGIN,)] = (NEVER, 0.0)
    return weighed(model)


def _counts(sentences: Iterable[Weighted], order: int) -> list[dict[Words, float]]:
    counts: list[dict[Words, float]] = [defaultdict(float) for _ in range(order)]
    for words, weight in sentences:
        said = (BEGIN, *words, END)
        for at in range(1, len(said)):
            for length in range(1, min(order, at + 1) + 1):
                counts[length - 1][said[at + 1 - length : at + 1]] += weight
    return counts


def _unigrams(counts: dict[Words, float], vocabulary: set[str]) -> dict[Words, Entry]:
    whole, kinds = sum(counts.values()), len(counts) or 1
    rest = kinds / len(vocabulary)
    return {
        (word,): (math.log10((counts.get((word,), 0.0) + rest) / (whole + kinds)), 0.0)
        for word in vocabulary
    }


def _higher(counts: dict[Words, float], lower: NGrams) -> dict[Words, Entry]:
    table: dict[Words, Entry] = {}
    for history, words in histories(dict.fromkeys(counts, (0.0, 0.0))).items():
        kinds = len(words)
        whole = sum(counts[(*history, word)] for word in words) + kinds
        for word in words:
            less = kinds * 10 ** lower.log10(history[1:], word)
            table[(*history, word)] = (math.log10((counts[(*history, word)] + less) / whole), 0.0)
        shorter = lower.orders[len(history) - 1]
        if history in shorter:
            shorter[history] = (shorter[history][0], math.log10(kinds / whole))
        elif history == (BEGIN,):
            shorter[history] = (NEVER, math.log10(kinds / whole))
    return table
