"""Leaving out the n-grams that a model loses least by.

Stolcke, *Entropy-based pruning of backoff language models* (1998): an n-gram goes when the relative
change of the model's perplexity that its loss makes stays below a threshold.
"""

from __future__ import annotations

import math

from engine.speech.language.ngrams import BEGIN, END, NGrams, Words, histories, weighed


def pruned(model: NGrams, threshold: float) -> NGrams:
    """The model without n-grams that matter less than ``threshold``, single words excepted."""
    orders = list(model.orders)
    for order in range(len(orders) - 1, 0, -1):
        needed = {words[:-1] for words in orders[order + 1]} if order + 1 < len(orders) else set()
        small = NGrams(orders[: order + 1])
        gone = set()
        for history, followers in histories(orders[order]).items():
            gone |= {
                (*history, word)
                for word, loss in _losses(small, history, followers)
                if loss < threshold and (*history, word) not in needed
            }
        orders[order] = {words: e for words, e in orders[order].items() if words not in gone}
    return weighed(NGrams(orders))


def _losses(model: NGrams, history: Words, followers: list[str]) -> list[tuple[str, float]]:
    own = {word: model.orders[len(history)][(*history, word)][0] for word in followers}
    lower = {word: model.log10(history[1:], word) for word in followers}
    rest = max(1 - sum(10**p for p in own.values()), 1e-9)
    lower_rest = max(1 - sum(10**p for p in lower.values()), 1e-9)
    weight = math.log10(rest / lower_rest)
    often = 10 ** _log10(model, history)
    found = []
    for word in followers:
        new = math.log10((rest + 10 ** own[word]) / (lower_rest + 10 ** lower[word]))
        change = 10 ** own[word] * (lower[word] + new - own[word]) + rest * (new - weight)
        found.append((word, 10 ** min(-often * change, 1.0) - 1))
    return found


def _log10(model: NGrams, history: Words) -> float:
    """How often a history is met; one that begins a sentence as often as sentences end."""
    total = 0.0
    for at, word in enumerate(history):
        begins = word == BEGIN
        total += model.log10((), END) if begins else model.log10(history[:at], word)
    return total


def smaller(model: NGrams, most: int) -> tuple[NGrams, float]:
    """The model pruned to at most ``most`` bytes as a graph, and the threshold that did it."""
    if graph_bytes(model) <= most:
        return model, 0.0
    threshold = _start(model, most)
    while graph_bytes(model := pruned(model, threshold)) > most:
        threshold *= 1.15
    return model, threshold


def _start(model: NGrams, most: int) -> float:
    """A threshold that leaves too much: as if all the bytes were for arcs."""
    losses = sorted(
        loss
        for order in range(1, len(model.orders))
        for history, followers in histories(model.orders[order]).items()
        for _, loss in _losses(NGrams(model.orders[: order + 1]), history, followers)
    )
    kept = max(1, most // 16 - len(model.orders[0]))
    return max(losses[max(0, len(losses) - kept)], 1e-12)


def graph_bytes(model: NGrams) -> int:
    """Size of the model as a constant transducer: 16 bytes an arc, 20 a state."""
    states = 1 + sum(len(histories(table)) for table in model.orders[1:])
    return 16 * (sum(len(table) for table in model.orders) + states) + 20 * states
