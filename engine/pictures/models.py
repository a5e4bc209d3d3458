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
    """What was ordered or paid. `items` are lines of label and value, `code` the order's number.

    `amount` is in yuan; without it nothing was paid.
    """

    title: str
    items: dict[str, str]
    code: str
    amount: str = ""


Model = SeatMap | BoardingPass | Receipt

KINDS: dict[str, type[Model]] = {
    "seat_map": SeatMap,
    "boarding_pass": BoardingPass,
    "receipt": Receipt,
}


def read(kind: str, model: Mapping[str, Any]) -> Model:
    """The typed model of a picture; numbers may stand for their digits, and what is None is not.

    Raises UnknownKind or BadModel.
    """
    if kind not in KINDS:
        raise UnknownKind(f"no picture is called {kind!r}; there are {', '.join(KINDS)}")
    try:
        return msgspec.convert(_in_words(model), KINDS[kind], strict=False)
    except msgspec.ValidationError as error:
        raise BadModel(f"{kind}: {error}") from error


def keys(kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """The keys that a model of this kind must have, and all that it may have."""
    fields = msgspec.structs.fields(KINDS[kind])
    return frozenset(f.name for f in fields if f.required), frozenset(f.name for f in fields)


def _in_words(value: Any) -> Any:
    """A value as a company's system may tell it: 180 for the words "180"."""
    if isinstance(value, Mapping):
        return {str(key): _in_words(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_in_words(each) for each in value]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
