"""Where values begin and end: what characters are labelled as, and the best labels of a text."""

from __future__ import annotations

from collections.abc import Sequence

from engine.nlu.tagging.chain import Floats, Links, traced
from engine.nlu.tagging.spans import Span

#: Labels of characters; a value of one character is a single.
OUTSIDE, BEGIN, INSIDE, END, SINGLE = range(5)
LABELS = 5

#: Which label may follow which, and stand at the ends.
FOLLOWS = {
    OUTSIDE: (OUTSIDE, BEGIN, SINGLE),
    BEGIN: (INSIDE, END),
    INSIDE: (INSIDE, END),
    END: (OUTSIDE, BEGIN, SINGLE),
    SINGLE: (OUTSIDE, BEGIN, SINGLE),
}
FIRST = (OUTSIDE, BEGIN, SINGLE)
LAST = (OUTSIDE, END, SINGLE)

#: After these a value may begin.
_APART = (OUTSIDE, END, SINGLE)


class Places:
    """Finds the best labels of characters under these links (Viterbi 1967).

    The same as `Chain` finds, which took a third of the tagger's time over the long texts of some
    customers: here each of the `FOLLOWS` is written out.
    """

    def __init__(self, links: Links) -> None:
        self._first, self._last = links.first.tolist(), links.last.tolist()
        self._steps = links.steps.tolist()

    def best(self, emissions: Floats) -> list[int]:
        """The labels with the highest sum of ``emissions`` (N x `LABELS`) and links."""
        if not len(emissions):
            return []
        rows = emissions.tolist()
        scores = [here + first for here, first in zip(rows[0], self._first, strict=True)]
        back = self._walk(scores, rows[1:])
        ends = [score + last for score, last in zip(scores, self._last, strict=True)]
        return traced(back, ends.index(max(ends)))

    def _walk(self, scores: list[float], rows: list[list[float]]) -> list[tuple[int, ...]]:
        """Where each label of each row came from; ``scores`` become those of the last row."""
        outside, begin, inside, end, single = scores
        (oo, ob, _, _, os), (_, _, bi, be, _), (_, _, ii, ie, _), (eo, eb, _, _, es), after = (
            self._steps
        )
        so, sb, _, _, ss = after
        back: list[tuple[int, ...]] = []
        for row in rows:
            # Of equals the first counts, as in `Chain`.
            to_outside = outside + oo, end + eo, single + so
            to_begin = outside + ob, end + eb, single + sb
            to_single = outside + os, end + es, single + ss
            outside, starts, alone = max(to_outside), max(to_begin), max(to_single)
            came = (
                _APART[to_outside.index(outside)],
                _APART[to_begin.index(starts)],
                BEGIN if begin + bi >= inside + ii else INSIDE,
                BEGIN if begin + be >= inside + ie else INSIDE,
                _APART[to_single.index(alone)],
            )
            end = max(begin + be, inside + ie) + row[END]
            inside = max(begin + bi, inside + ii) + row[INSIDE]
            outside, begin, single = (
                outside + row[OUTSIDE],
                starts + row[BEGIN],
                alone + row[SINGLE],
            )
            back.append(came)
        scores[:] = outside, begin, inside, end, single
        return back


def spans_of(labels: Sequence[int]) -> list[Span]:
    """The spans that labels of characters mean."""
    found, start = [], 0
    for at, label in enumerate(labels):
        if label in (BEGIN, SINGLE):
            start = at
        if label in (END, SINGLE):
            found.append((start, at + 1))
    return found


def labels_of(size: int, found: Sequence[Span]) -> list[int]:
    """The labels of the characters of a text with values at these places."""
    labels = [OUTSIDE] * size
    for start, end in found:
        if end - start == 1:
            labels[start] = SINGLE
        else:
            labels[start:end] = [BEGIN, *[INSIDE] * (end - start - 2), END]
    return labels
