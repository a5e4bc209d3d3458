"""The seats of a segment's cabin: the map, and which seat a wish may have."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select

from engine.business.demo.cabin import Cabin, Seat, cabin, nearest, seat_number, suiting
from engine.business.demo.tables import aircraft, seats
from engine.business.demo.trips import trip
from engine.business.demo.world import Layout
from engine.business.provider import Refused, Row, Work

#: How many seats an answer names, and how many a refusal offers instead.
MOST, NEAR = 5, 3


async def seat_map(work: Work, *, segment: str) -> list[Row]:
    """One row: the model of the seat map picture of this passenger's cabin.

    Refused: unknown_segment.
    """
    booked = await trip(work.connection, segment)
    there = await cabin_of(work, booked)
    heading = ("flight_no", "date", "origin_city", "destination_city", "cabin")
    model: dict[str, Any] = {key: booked[key] for key in heading}
    return [{**model, "columns": there.columns, "rows": there.map_rows()}]


async def find_seat(work: Work, *, segment: str, wish: str) -> list[Row]:
    """Free seats for a wish, best first, {seat, window, aisle, middle, exit, front, rear}.

    `wish` is a seat number, or preferences joined by `+` (`front+window`, `not:window`, `any`).
    Refused: unknown_segment, no_such_seat(seat, near), seat_taken(seat, near),
    paid_seat(seat, price, near), exit_row(seat, near), no_match(wish, near).
    """
    booked = await trip(work.connection, segment)
    return [seat.as_row() for seat in choose(await cabin_of(work, booked), wish)]


async def cabin_of(work: Work, booked: Row) -> Cabin:
    """The cabin that a segment is booked in, as it is sold by now."""
    plane = select(aircraft.c.cabins).where(aircraft.c.code == booked["aircraft"])
    layouts = (await work.connection.execute(plane)).scalar_one()
    sold = await work.connection.scalars(select(seats.c.seat).where(seats.c.flight == booked["id"]))
    return cabin(
        msgspec.convert(layouts[booked["cabin"]], Layout),
        taken=frozenset([*sold, *booked["held"].split()]),
        yours=booked["seat"] or "",
    )


def choose(there: Cabin, wish: str) -> list[Seat]:
    """The free seats that a wish may have: one for a seat number, up to five for preferences.

    Raises Refused as `find_seat` says.
    """
    number = seat_number(wish)
    if number:
        return [_numbered(there, number)]
    if "exit" in wish.split("+"):
        raise Refused(
            "exit_row", seat=_exit_seat(there), near=_numbers(suiting(there.free(), "any"))
        )
    try:
        found = suiting(there.free(), wish)
    except ValueError:
        found = []
    if not found:
        raise Refused("no_match", wish=wish, near=_numbers(suiting(there.free(), "any")))
    return found[:MOST]


def _numbered(there: Cabin, number: str) -> Seat:
    seat = there.find(number)
    if seat is None:
        raise Refused("no_such_seat", seat=number, near=_numbers(suiting(there.free(), "any")))
    near = _numbers(nearest(there.free(), seat))
    if seat.state == "blocked" and seat.exit:
        raise Refused("exit_row", seat=number, near=near)
    if seat.state == "paid":
        raise Refused("paid_seat", seat=number, price=seat.price, near=near)
    if seat.state != "free":
        raise Refused("seat_taken", seat=number, near=near)
    return seat


def _exit_seat(there: Cabin) -> str:
    exits = [seat for seat in there.seats if seat.exit and seat.state == "blocked"]
    return exits[0].number if exits else ""


def _numbers(found: list[Seat]) -> list[str]:
    return [seat.number for seat in found[:NEAR]]
