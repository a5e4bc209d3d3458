"""What passengers get who are checked in: their receipt, and a boarding pass each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from engine.business.demo import bcbp
from engine.business.demo.clock import moment
from engine.business.demo.journeys import travellers
from engine.business.demo.trips import trip
from engine.business.provider import Row, Work

#: Boarding begins this long before departure.
BOARDING = timedelta(minutes=30)

_SHARED = (
    *("flight_no", "date", "gate", "departure", "origin_city", "destination_city"),
    "order_no",
)
_PRINTED = (
    *("name", "flight_no", "date", "origin", "origin_city", "destination"),
    *("destination_city", "gate", "seat", "cabin", "order_no"),
)


async def boarding_passes(
    work: Work,
    *,
    journey: str,
    who: Sequence[str] | str | None = None,
    id_number: str | None = None,
    order_no: str | None = None,
) -> list[Row]:
    """One row, the receipt of `check_in`, for those of a flight who are checked in.

    `who` leaves those who are meant, and the refusals are those of `travellers`. No row where
    nobody is checked in.
    """
    people = await travellers(
        work,
        journey=journey,
        who=who,
        id_number=id_number,
        order_no=order_no,
        checked_in=True,
    )
    return [await receipt(work, [row["segment"] for row in people])] if people else []


async def receipt(work: Work, segments: Sequence[str]) -> Row:
    """What was done for a party on one flight.

    {name, seat, sequence: joined with 、; flight_no, date, gate, boarding, departure, origin_city,
    destination_city; order_no: of the first; boarding_passes: a model of the picture for each;
    people: {name, seat, sequence} of each}.
    """
    party = [await trip(work.connection, segment) for segment in segments]
    boarding = f"{moment(party[0]['departure']) - BOARDING:%H:%M}"
    people = [
        {"name": one["name"], "seat": one["seat"], "sequence": f"{one['sequence']:03}"}
        for one in party
    ]
    return {
        **{key: party[0][key] for key in _SHARED},
        **{key: "、".join(one[key] for one in people) for key in ("name", "seat", "sequence")},
        "boarding": boarding,
        "people": people,
        "boarding_passes": [_boarding_pass(one, boarding) for one in party],
    }


def _boarding_pass(booked: Row, boarding: str) -> dict[str, Any]:
    return {
        **{key: booked[key] for key in _PRINTED},
        "departure": f"{moment(booked['departure']):%H:%M}",
        "boarding": boarding,
        "sequence": f"{booked['sequence']:03}",
        "code": _code(booked),
    }


def _code(booked: Row) -> str:
    return bcbp.encode(
        bcbp.Leg(
            latin=booked["latin"],
            order_no=booked["order_no"],
            origin=booked["origin"],
            destination=booked["destination"],
            flight_no=booked["flight_no"],
            on=date.fromisoformat(booked["date"]),
            cabin=booked["cabin"],
            seat=booked["seat"],
            sequence=booked["sequence"],
        )
    )
