"""One model from two: the interpolation of their probabilities, word by word."""

from __future__ import annotations

import math

from engine.speech.language.ngrams import BEGIN, NEVER, Entry, NGrams, Words, weighed


def mixed(one: NGrams, other: NGrams, share: float) -> NGrams:
    """A model of every n-gram of both: ``share`` of `one`, the rest of `other`."""
    orders: list[dict[Words, Entry]] = []
    for order in range(max(len(one.orders), len(other.orders))):
        table: dict[Words, Entry] = {}
        for model in (one, other):
            if order < len(model.orders):
                table |= dict.fromkeys(model.orders[order].keys() - table.keys(), (NEVER, 0.0))
        for words in table:
            if words != (BEGIN,):
                table[words] = (_between(one, other, words, share), 0.0)
        orders.append(table)
    return weighed(NGrams(_with_histories(orders)))


def _between(one: NGrams, other: NGrams, words: Words, share: float) -> float:
    first = 10 ** one.log10(words[:-1], words[-1])
    second = 10 ** other.log10(words[:-1], words[-1])
    return math.log10(share * first + (1 - share) * second + 10**NEVER)


def _with_histories(orders: list[dict[Words, Entry]]) -> list[dict[Words, Entry]]:
    # A history that was itself dropped could carry no back-off weight.
    for order in range(len(orders) - 1, 0, -1):
        shorter = orders[order - 1]
        orders[order] = {words: e for words, e in orders[order].items() if words[:-1] in shorter}
    return orders
