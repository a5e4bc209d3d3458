"""The bar code of a boarding pass: one leg's mandatory items, IATA resolution 792, format M."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: Compartment codes.
_COMPARTMENTS = {"economy": "Y", "business": "C"}

#: Passenger status "checked in", and no conditional items after the mandatory ones.
_CHECKED_IN, _NO_MORE = "1", "00"


@dataclass(frozen=True, slots=True)
class Leg:
    """What the code says of one flight. `latin` is SURNAME/GIVEN, `seat` like `12A`."""

    latin: str
    order_no: str
    origin: str
    destination: str
    flight_no: str
    on: date
    cabin: str
    seat: str
    sequence: int


def encode(leg: Leg) -> str:
    """The 60 mandatory characters. Names that are too long lose their end, as the resolution says.

    Raises ValueError for a value that does not fit its field or is not ASCII.
    """
    carrier, number = leg.flight_no[:2], leg.flight_no[2:]
    items = [
        ("M1", 2),
        (leg.latin.upper()[:20], 20),
        ("E", 1),
        (leg.order_no, 7),
        (leg.origin, 3),
        (leg.destination, 3),
        (carrier, 3),
        (number.rjust(4, "0"), 5),
        (f"{leg.on:%j}", 3),
        (_COMPARTMENTS[leg.cabin], 1),
        (leg.seat.rjust(4, "0"), 4),
        (f"{leg.sequence:04}", 5),
        (_CHECKED_IN, 1),
        (_NO_MORE, 2),
    ]
    return "".join(_field(text, width) for text, width in items)


def _field(text: str, width: int) -> str:
    if len(text) > width or not text.isascii():
        raise ValueError(f"does not fit {width} characters of a boarding pass: {text!r}")
    return text.ljust(width)
