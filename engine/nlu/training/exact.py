"""Rows of one value each (``type``, ``text``, ``value``, ``now``): is the value found exactly?

The types of such rows are plainer than those of entities: a place is a city or an airport, a seat
may be a wish. Several values are joined by ``|``, wishes by ``+``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from engine.nlu.errors import DatasetError
from engine.nlu.parse import Entity
from engine.nlu.recognizer import Recognizer

#: Type of a row → the entity types that answer it.
TYPES = {
    "flight": ("flight_no",),
    "id": ("id_number",),
    "order": ("order_no",),
    "place": ("city", "airport"),
    "seat": ("seat", "seat_preference"),
}


class Row(msgspec.Struct):
    """One text with the value that should be found in it."""

    text: str
    type: str
    value: str | int | float | None
    now: datetime


def rows_of(path: Path) -> list[Row] | None:
    """The rows of a file of values; None when it has none or its first is of another kind."""
    if path.suffix != ".jsonl" or not path.is_file():
        return None
    rows: list[Row] = []
    decoder = msgspec.json.Decoder(Row)
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            rows.append(decoder.decode(line))
        except msgspec.DecodeError as error:
            if not rows:
                return None
            raise DatasetError(path, number, str(error)) from error
    return rows or None


def value_of(entities: Iterable[Entity], kind: str) -> str:
    """The values of a row's type by position; loose ones count where there is no strict one."""
    types = TYPES.get(kind, (kind,))
    found = [e for e in entities if e.type in types and e.value is not None]
    found = [e for e in found if e.strict] or found
    wishes = any(entity.type == "seat_preference" for entity in found)
    return ("+" if wishes else "|").join(str(entity.value) for entity in found)


def count(rows: Sequence[Row], recognizer: Recognizer) -> dict[str, tuple[int, int]]:
    """How many rows of each type are exactly right, of how many."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        right, total = found.get(row.type, (0, 0))
        found[row.type] = (right + is_right(row, recognizer), total + 1)
    return found


def is_right(row: Row, recognizer: Recognizer) -> bool:
    """Whether the value of a row is found exactly; None means that there is none to find."""
    found = value_of(recognizer.entities(row.text, now=row.now), row.type)
    expected = "" if row.value is None else str(row.value)
    # Both ways of ISO 8601 to part a date from a time are met.
    return found == (expected.replace(" ", "T") if row.type == "datetime" else expected)


def lines(found: dict[str, tuple[int, int]]) -> Iterator[str]:
    """The counts, one type a line, and their sum; nothing where nothing was counted."""
    if not found:
        return
    for kind, (right, total) in sorted(found.items()):
        yield f"{kind:<12} {right:>4} / {total}"
    right, total = (sum(column) for column in zip(*found.values(), strict=True))
    yield f"{'all':<12} {right:>4} / {total}"
