"""Check-in: the effect that gives a passenger a seat and a boarding pass."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import insert, select, update

from engine.business.demo import bcbp
from engine.business.demo.clock import local, moment
from engine.business.demo.seats import cabin_of, choose
from engine.business.demo.tables import flights, seats, segments
from engine.business.demo.trips import closes, opens, status, trip
from engine.business.provider import Refused, Row, Work

#: Boarding begins this long before departure.
BOARDING = timedelta(minutes=30)


async def check_in(work: Work, *, segment: str, seat: str) -> Row:
    """Give the passenger of `segment` a seat: a number, or a wish as for `find_seat`.

    {segment, name, flight_no, date, seat, sequence, gate, boarding, departure, origin_city,
    destination_city, boarding_pass}. The same idempotency key gives the same row again.
    Refused: unknown_segment, departed, cancelled, not_open(opens), closed(closes),
    already_checked_in(seat), and as `find_seat`.
    """
    await _lock(work, segment)
    booked = await trip(work.connection, segment)
    if not (work.key and booked["key"] == work.key):
        _refuse_unless_open(booked, work)
        chosen = choose(await cabin_of(work, booked), seat)[0]
        await _seat(work, booked, chosen.number)
        booked = await trip(work.connection, segment)
    return _receipt(booked)


async def _lock(work: Work, segment: str) -> None:
    # SQLite has one writer and ignores this; elsewhere it makes the check-ins of a flight queue.
    flight = select(segments.c.flight).where(segments.c.id == segment).scalar_subquery()
    await work.connection.execute(
        select(flights.c.id).where(flights.c.id == flight).with_for_update()
    )


def _refuse_unless_open(booked: Row, work: Work) -> None:
    state = status(booked, local(work.now))
    if state == "checked_in":
        raise Refused("already_checked_in", seat=booked["seat"])
    if state == "not_open":
        raise Refused("not_open", opens=opens(booked))
    if state == "closed":
        raise Refused("closed", closes=closes(booked))
    if state != "open":
        raise Refused(state)


async def _seat(work: Work, booked: Row, number: str) -> None:
    sequence = await work.connection.scalar(
        update(flights)
        .where(flights.c.id == booked["id"])
        .values(sequence=flights.c.sequence + 1)
        .returning(flights.c.sequence)
    )
    await work.connection.execute(
        insert(seats).values(flight=booked["id"], seat=number, segment=booked["segment"])
    )
    await work.connection.execute(
        update(segments)
        .where(segments.c.id == booked["segment"])
        .values(sequence=sequence, key=work.key or None)
    )


def _receipt(booked: Row) -> Row:
    boarding = moment(booked["departure"]) - BOARDING
    shown = (
        *("segment", "name", "flight_no", "date", "seat", "gate", "departure"),
        *("origin_city", "destination_city"),
    )
    return {
        **{key: booked[key] for key in shown},
        "sequence": _printed_sequence(booked),
        "boarding": f"{boarding:%H:%M}",
        "boarding_pass": _boarding_pass(booked, f"{boarding:%H:%M}"),
    }


def _boarding_pass(booked: Row, boarding: str) -> Row:
    shown = (
        *("name", "flight_no", "date", "origin", "origin_city", "destination"),
        *("destination_city", "gate", "seat", "cabin", "order_no"),
    )
    return {
        **{key: booked[key] for key in shown},
        "departure": f"{moment(booked['departure']):%H:%M}",
        "boarding": boarding,
        "sequence": _printed_sequence(booked),
        "code": _code(booked),
    }


def _printed_sequence(booked: Row) -> str:
    return f"{booked['sequence']:03}"


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
