"""The seats of a cabin: the map, and which seats a party may have."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, select

from engine.business.demo.arranging import Traveller, arrange
from engine.business.demo.bookings import allowed
from engine.business.demo.cabin import Cabin, Seat, cabin
from engine.business.demo.tables import aircraft, flights, laps, seats
from engine.business.demo.trips import age, trip, trips
from engine.business.demo.world import Layout
from engine.business.provider import Refused, Row, Work

#: The wish of two who want each other's seats.
SWAP, _PAIR = "swap", 2


async def seat_map(work: Work, *, segment: str) -> list[Row]:
    """One row: the model of the seat map picture of this passenger's cabin.

    Refused: unknown_segment.
    """
    booked = await trip(work.connection, segment)
    there = await cabin_of(work, booked)
    heading = ("flight_no", "date", "origin_city", "destination_city", "cabin")
    model: dict[str, Any] = {key: booked[key] for key in heading}
    return [{**model, "columns": there.columns, "rows": there.map_rows()}]


async def find_seats(
    work: Work,
    *,
    segments: Sequence[str],
    wishes: Sequence[str],
    guardian: str | None = None,
    declined: Sequence[str] | None = None,
    id_number: str | None = None,
    order_no: str | None = None,
) -> list[Row]:
    """A free seat for each passenger who has a wish; `guardian` is the one with an infant.

    None of the seats that were `declined` unless by its number.

    A wish is a seat number, or words joined by `+`: `window`, `aisle`, `middle`, `exit`, `front`,
    `rear`, each also as `not:…`, `row:12`, `together` (beside the others), `any`, or `swap` (two
    who sit take each other's seats); an empty one waits. A seat that one of the party leaves is
    free for another. Beside whom: the rest of the party, and those who sit already of all for
    whom the customer may act, with the proof of `bookings`. {segment, name, seat, old, window,
    aisle, middle, exit, front, rear, beside}; `beside` are those of them next to the seat:
    林晓梅 14C.
    Refused, each with `value`, the wish: unknown_segment, no_such_seat(seat, near),
    seat_taken(seat, near), same_seat(seat, near), paid_seat(seat, price, near),
    exit_too_young(name, seat, near), exit_with_infant(name, seat, near), which_seat(row, near),
    not_together(wish, near, alone), no_match(wish, near); `alone` where nobody has a seat yet.
    """
    booked = [await trip(work.connection, segment) for segment in segments]
    others = await _others(work, booked, await allowed(work, id_number, order_no))
    found = await seats_for(
        work, booked, wishes, guardian=guardian, others=others, declined=declined or ()
    )
    there = await cabin_of(work, booked[0]) if others else None
    seated = [(other, at) for other in others if there and (at := there.find(other["seat"]))]
    pairs = zip(booked, found, strict=True)
    return [_found(one, seat, seated) for one, seat in pairs if seat is not None]


def _found(one: Row, seat: Seat, seated: Sequence[tuple[Row, Seat]]) -> Row:
    """A seat for one of a party, with those next to it of all who sit already."""
    beside = [f"{other['name']} {at.number}" for other, at in seated if at.is_next_to(seat)]
    told = {"segment": one["segment"], "name": one["name"], "old": one["seat"]}
    return {**seat.as_row(), **told, "beside": "、".join(beside)}


async def _others(work: Work, booked: Sequence[Row], own: ColumnElement[bool]) -> list[Row]:
    """Those on the flight of a party who sit already, of all for whom the customer may act."""
    party = {one["segment"] for one in booked}
    found = await trips(work.connection, flights.c.id == booked[0]["id"], own) if booked else []
    return [one for one in found if one["seat"] and one["segment"] not in party]


async def seats_for(
    work: Work,
    booked: Sequence[Row],
    wishes: Sequence[str],
    *,
    guardian: str | None,
    others: Sequence[Row] = (),
    declined: Sequence[str] = (),
) -> list[Seat | None]:
    """The seats of `find_seats`, cabin by cabin; None for who has no wish yet."""
    wishes = _swapped(booked, wishes)
    chosen: list[Seat | None] = [None] * len(booked)
    on_laps = set(await work.connection.scalars(select(laps.c.guardian)))
    for sort in dict.fromkeys(one["cabin"] for one in booked):
        places = [at for at, one in enumerate(booked) if one["cabin"] == sort]
        party = [
            Traveller(
                name=booked[at]["name"],
                age=age(booked[at]),
                wish=wishes[at] if at < len(wishes) else "",
                has_infant=booked[at]["segment"] in {guardian, *on_laps},
            )
            for at in places
        ]
        left = {one["seat"] for one in booked if one["seat"]} & set(wishes)
        refused = {*declined} - {*wishes}
        there = await cabin_of(work, booked[places[0]], left=left, held=refused)
        sitting = [seat for one in others if (seat := there.find(one["seat"]))]
        found = arrange(there, party, others=sitting)
        for at, seat in zip(places, found, strict=True):
            chosen[at] = seat
    return chosen


def _swapped(booked: Sequence[Row], wishes: Sequence[str]) -> Sequence[str]:
    """The wishes of two who want to swap, as the numbers of each other's seats."""
    if SWAP not in wishes:
        return wishes
    seated = [one["seat"] for one in booked if one["seat"]]
    if len(booked) != len(seated) or len(seated) != _PAIR or len({*wishes}) > 1:
        raise Refused("no_match", wish=SWAP, near=[], value=SWAP)
    return list(reversed(seated))


async def cabin_of(
    work: Work, booked: Row, *, left: Collection[str] = (), held: Collection[str] = ()
) -> Cabin:
    """The cabin that a segment is booked in, as it is sold by now.

    The seats ``left`` are free, and those ``held`` are not.
    """
    plane = select(aircraft.c.cabins).where(aircraft.c.code == booked["aircraft"])
    layouts = (await work.connection.execute(plane)).scalar_one()
    sold = await work.connection.scalars(select(seats.c.seat).where(seats.c.flight == booked["id"]))
    return cabin(
        msgspec.convert(layouts[booked["cabin"]], Layout),
        taken=frozenset([*sold, *booked["held"].split()]) - {*left} | {*held},
        yours=booked["seat"] or "",
    )
