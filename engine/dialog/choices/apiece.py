"""Choices that are each named in a clause of their own: 「早上那个靠窗，晚上那个靠过道」."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from engine.dialog.choices.foretold import told
from engine.dialog.state.session import Offer
from engine.dialog.wording.words import either
from engine.nlu.parse import Entity

#: What stands between two stops.
CLAUSE = re.compile(r"[^\s，,、；;。！!]+")

#: A clause, the values in it by their place there, and the row that it names.
Clause = tuple[str, tuple[Entity, ...], Offer]


def apiece(
    offers: Sequence[Offer],
    text: str,
    entities: Sequence[Entity],
    dayparts: Mapping[str, tuple[int, int]],
) -> list[Clause]:
    """The clauses of a message that name a row each, where no row is named twice.

    What names none belongs to the clause before it. Nothing where fewer than two rows are named.
    """
    found: list[Clause] = []
    for start, end, row in _spans(offers, text, entities, dayparts):
        within = within_span(entities, start, end)
        found.append((text[start:end], within, row))
    rows = {row.value for _, _, row in found}
    return found if len(rows) == len(found) > 1 else []


def within_span(entities: Sequence[Entity], start: int, end: int) -> tuple[Entity, ...]:
    """The values from one place to another, by their place there."""
    return tuple(
        replace(each, start=each.start - start, end=each.end - start)
        for each in entities
        if start <= each.start and each.end <= end
    )


def _spans(
    offers: Sequence[Offer],
    text: str,
    entities: Sequence[Entity],
    dayparts: Mapping[str, tuple[int, int]],
) -> Iterator[tuple[int, int, Offer]]:
    """From where to where a row is spoken of."""
    start, last, row = 0, 0, None
    for begins, ends in _clauses(text, entities, dayparts):
        within = [e for e in entities if begins <= e.start and e.end <= ends]
        named = told(offers, text[begins:ends], within, dayparts)
        if named is not None:
            if row is not None:
                yield start, last, row
            start, row = begins, named
        last = ends
    if row is not None:
        yield start, last, row


def _clauses(
    text: str, entities: Sequence[Entity], dayparts: Mapping[str, tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """From where to where something is said at a time: 「早上靠窗晚上靠过道」 are two."""
    times = [each.span() for each in either(tuple(dayparts)).finditer(text)]
    times += [(each.start, each.end) for each in entities if each.type == "date"]
    times.sort()
    # 早上 of 明天早上 begins nothing of its own.
    cuts = [s for at, (s, _) in enumerate(times) if all(end < s for _, end in times[:at])]
    for clause in CLAUSE.finditer(text):
        _, *later = [cut for cut in cuts if clause.start() <= cut < clause.end()] or [0]
        edges = [clause.start(), *later, clause.end()]
        yield from pairwise(edges)
