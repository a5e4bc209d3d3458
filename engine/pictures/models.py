"""What each kind of picture shows: the plain mappings of the business rooms, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from engine.pictures.errors import BadModel, UnknownKind

State = Literal["free", "taken", "paid", "blocked", "yours"]


class Row(msgspec.Struct, frozen=True):
    """One row of seats: a seat's letter → its state."""

    number: int
    seats: dict[str, State]
    exit: bool = False


class SeatMap(msgspec.Struct, frozen=True):
    """A cabin. `columns` are the letters from left to right with a space at each aisle."""

    flight_no: str
    date: str
    origin_city: str
    destination_city: str
    columns: str
    rows: tuple[Row, ...]


class BoardingPass(msgspec.Struct, frozen=True):
    """A boarding pass. Times are `HH:MM`, `date` is ISO, `code` is the text of the bar code."""

    name: str
    flight_no: str
    date: str
    origin: str
    origin_city: str
    destination: str
    destination_city: str
    departure: str
    boarding: str
    gate: str
    seat: str
    sequence: str
    cabin: str
    order_no: str
    code: str


class Receipt(msgspec.Struct, frozen=True):
    """What was paid, in yuan. `items` are lines of label and value, `code` the order's number."""

    title: str
    amount: str
    items: dict[str, str]
    code: str


Model = SeatMap | BoardingPass | Receipt

KINDS: dict[str, type[Model]] = {
    "seat_map": SeatMap,
    "boarding_pass": BoardingPass,
    "receipt": Receipt,
}


def read(kind: str, model: Mapping[str, Any]) -> Model:
    """The typed model of a picture. Raises UnknownKind or BadModel."""
    if kind not in KINDS:
        raise UnknownKind(f"no picture is called {kind!r}; there are {', '.join(KINDS)}")
    try:
        return msgspec.convert(dict(model), KINDS[kind])
    except msgspec.ValidationError as error:
        raise BadModel(f"{kind}: {error}") from error
