"""A cabin: which seats there are, what each is like, and which of them suit a wish. No SQL here."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.business.demo.world import Layout

#: What a customer may wish for in a seat, each also as `not:…`.
PREFERENCES = frozenset({"window", "aisle", "middle", "exit", "front", "rear"})

_SEAT = re.compile(r"0*([1-9]\d?)([A-Z])")
#: Columns between the two seats at an aisle.
_ACROSS = 2


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat. `state` is free, taken, paid, blocked or yours; `price` is yuan where it is paid.

    `front` and `rear` are the first and last third of the cabin.
    """

    row: int
    letter: str
    column: int
    window: bool
    aisle: bool
    exit: bool
    front: bool
    rear: bool
    state: str
    price: str = ""

    @property
    def number(self) -> str:
        return f"{self.row}{self.letter}"

    @property
    def is_exit(self) -> bool:
        """Whether it is free for who may sit beside an exit."""
        return self.exit and self.state == "blocked"

    @property
    def middle(self) -> bool:
        return not (self.window or self.aisle)

    def is_next_to(self, other: Seat, *, over_aisle: bool = True) -> bool:
        """Whether nobody can sit between the two, with ``over_aisle`` an aisle may be."""
        apart = abs(self.column - other.column) if self.row == other.row else 0
        return apart == 1 or (over_aisle and apart == _ACROSS and self.aisle and other.aisle)

    def is_(self, preference: str) -> bool:
        return bool(getattr(self, preference))

    def as_row(self) -> dict[str, Any]:
        flags = {name: self.is_(name) for name in sorted(PREFERENCES)}
        return {"seat": self.number, **flags}


@dataclass(frozen=True, slots=True)
class Cabin:
    """The seats of one cabin on one flight, in order of rows and letters."""

    columns: str
    seats: tuple[Seat, ...]

    def find(self, number: str) -> Seat | None:
        return next((seat for seat in self.seats if seat.number == number), None)

    def free(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.state == "free"]

    def map_rows(self) -> list[dict[str, Any]]:
        """The `rows` of the seat map picture."""
        rows: dict[int, dict[str, Any]] = {}
        for seat in self.seats:
            row = rows.setdefault(seat.row, {"number": seat.row, "exit": seat.exit, "seats": {}})
            row["seats"][seat.letter] = seat.state
        return list(rows.values())


def cabin(layout: Layout, *, taken: frozenset[str], yours: str = "") -> Cabin:
    """The cabin of `layout` where the seats of `taken` are gone and `yours` is the customer's."""
    paid = {row: price for price, rows in layout.paid.items() for row in rows}
    seats = []
    for row, letter in _places(layout):
        state = "free"
        number = f"{row}{letter}"
        if number == yours:
            state = "yours"
        elif number in taken:
            state = "taken"
        elif number in layout.blocked or row in layout.exit:
            state = "blocked"
        elif row in paid:
            state = "paid"
        seats.append(_seat(layout, row, letter, state=state, price=paid.get(row, "")))
    return Cabin(columns=layout.columns, seats=tuple(seats))


def held_seats(layout: Layout, *, salt: str, fill: int, fixed: Mapping[str, bool]) -> Iterator[str]:
    """Seats of a layout that are given away before the chat opens, about `fill` percent of them.

    `fixed` says of single seats whether they are taken. The same salt gives the same seats.
    """
    for row, letter in _places(layout):
        number = f"{row}{letter}"
        by_chance = zlib.crc32(f"{salt}{number}".encode()) % 100 < fill
        if fixed.get(number, by_chance) and number not in layout.blocked:
            yield number


def seat_number(text: str) -> str | None:
    """`12A` from `012a` or `12A`; None when it is no seat number."""
    match = _SEAT.fullmatch(text.strip().upper())
    return f"{match[1]}{match[2]}" if match else None


def suiting(seats: list[Seat], wish: str) -> list[Seat]:
    """The seats that have all that a wish asks for (`front+window`, `not:middle`, `any`).

    The best come first: far to the front (or to the rear, where that is wished), and not between
    two neighbours.
    Raises ValueError for a word that is no preference.
    """
    words = [word for word in wish.split("+") if word not in ("", "any")]
    for word in words:
        if word.removeprefix("not:") not in PREFERENCES:
            raise ValueError(f"not a seat preference: {word!r}")
    fitting = [seat for seat in seats if all(_fits(seat, word) for word in words)]
    direction = -1 if "rear" in words else 1
    return sorted(fitting, key=lambda seat: (seat.middle, direction * seat.row, seat.column))


def nearest(seats: list[Seat], to: Seat) -> list[Seat]:
    """The seats by distance; one of the same kind (window, aisle, middle) counts as closer."""

    def distance(seat: Seat) -> tuple[int, int, int]:
        other_kind = (seat.window, seat.aisle) != (to.window, to.aisle)
        rows = abs(seat.row - to.row)
        return (2 * rows + 3 * other_kind, abs(seat.column - to.column), seat.row)

    return sorted(seats, key=distance)


def _fits(seat: Seat, word: str) -> bool:
    if word.startswith("not:"):
        return not seat.is_(word.removeprefix("not:"))
    return seat.is_(word)


def _places(layout: Layout) -> Iterator[tuple[int, str]]:
    letters = layout.columns.replace(" ", "")
    for row in range(layout.rows[0], layout.rows[1] + 1):
        for letter in letters:
            yield row, letter


def _seat(layout: Layout, row: int, letter: str, *, state: str, price: str) -> Seat:
    column = layout.columns.index(letter)
    first, last = layout.rows
    third = (last - first + 1) / 3
    return Seat(
        row=row,
        letter=letter,
        column=column,
        window=column in (0, len(layout.columns) - 1),
        aisle=" " in layout.columns[max(column - 1, 0) : column + 2],
        exit=row in layout.exit,
        front=row < first + third,
        rear=row > last - third,
        state=state,
        price=price,
    )
