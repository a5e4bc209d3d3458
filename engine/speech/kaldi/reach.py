"""Which words may come next: what the look-ahead of a composition has to know of every state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

from engine.speech.kaldi.fst import EPSILON, Fst

#: Half-open ranges of labels, apart from each other and going up.
Intervals = tuple[tuple[int, int], ...]


def merged(ranges: Iterable[tuple[int, int]]) -> Intervals:
    """The same labels in as few ranges as possible."""
    whole: list[tuple[int, int]] = []
    for begin, end in sorted(ranges):
        if whole and begin <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((begin, end))
    return tuple(whole)


def reachable(fst: Fst, final_label: int) -> list[Intervals]:
    """For every state the output labels that can be next, over arcs that say nothing; `final_label`
    stands for an end.

    States that reach each other share one set, so circles of silent arcs are allowed. The sets stay
    small when words are numbered in the order of the lexicon's tree.
    """
    silent = _silent_targets(fst)
    spoken = _spoken_labels(fst)
    sets: list[Intervals] = [()] * fst.states
    for group in _groups(silent):
        ranges: list[tuple[int, int]] = []
        for state in group:
            ranges += ((label, label + 1) for label in spoken[state])
            if np.isfinite(fst.finals[state]):
                ranges.append((final_label, final_label + 1))
            for to in silent[state]:
                ranges += sets[to]
        shared = merged(ranges)
        for state in group:
            sets[state] = shared
    return sets


def _silent_targets(fst: Fst) -> list[list[int]]:
    return _by_state(fst, fst.arcs["output"] == EPSILON, "to")


def _spoken_labels(fst: Fst) -> list[list[int]]:
    return _by_state(fst, fst.arcs["output"] != EPSILON, "output")


def _by_state(fst: Fst, chosen: np.ndarray, column: str) -> list[list[int]]:
    before = np.concatenate(([0], np.cumsum(chosen)))[fst.offsets].tolist()
    values = fst.arcs[column][chosen].tolist()
    return [values[begin:end] for begin, end in pairwise(before)]


def _groups(targets: list[list[int]]) -> Iterator[list[int]]:
    """The strongly connected components, those that are reached before those that reach them
    (Tarjan 1972, without recursion).
    """
    past = len(targets)
    lowest: dict[int, int] = {}
    order: dict[int, int] = {}
    stack: list[int] = []
    for root in range(len(targets)):
        path = [] if root in order else [(root, iter(targets[root]))]
        while path:
            state, ahead = path[-1]
            if state not in order:
                order[state] = lowest[state] = len(order)
                stack.append(state)
            deeper = next((to for to in _lowering(state, ahead, lowest)), None)
            if deeper is not None:
                path.append((deeper, iter(targets[deeper])))
                continue
            path.pop()
            if lowest[state] == order[state]:
                group = [stack.pop()]
                while group[-1] != state:
                    group.append(stack.pop())
                lowest.update(dict.fromkeys(group, past))
                yield group
            if path:
                parent = path[-1][0]
                lowest[parent] = min(lowest[parent], lowest[state])


def _lowering(state: int, ahead: Iterator[int], lowest: dict[int, int]) -> Iterator[int]:
    """The targets nobody has seen; those that were seen lower the state on the way."""
    for to in ahead:
        if to in lowest:
            lowest[state] = min(lowest[state], lowest[to])
        else:
            yield to
