"""Check-in: the effects that give a party seats and boarding passes, change and undo them.

Each is for a whole party in the one transaction of the turn: everybody, or nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update

from engine.business.demo.cabin import Seat
from engine.business.demo.clock import local
from engine.business.demo.passes import receipt
from engine.business.demo.seats import seats_for
from engine.business.demo.tables import flights, laps, seats, segments
from engine.business.demo.trips import closes, kind, opens, status, trip
from engine.business.provider import Refused, Row, Work


async def check_in(
    work: Work,
    *,
    segments: Sequence[str],
    seats: Sequence[str],
    infant: str | None = None,
    guardian: str | None = None,
) -> Row:
    """Give each passenger of a party on one flight a seat: a number, or a wish as for `find_seats`.

    With `infant`, the segment of one, it travels on the lap of `guardian`, one of the party.
    Gives `passes.receipt`; the same idempotency key gives the same one again.
    Refused: unknown_segment, departed, cancelled, not_open(opens), closed(closes),
    already_checked_in(name, seat), infant_alone(name), lap_taken(name), and as `find_seats`.
    """
    party = await _locked(work, segments)
    if not (work.key and party[0]["key"] == work.key):
        for booked in party:
            _refuse_unless_open(booked, work)
        for booked, seat in zip(party, await _chosen(work, party, seats, guardian), strict=True):
            await _seat(work, booked, seat.number, key=work.key if booked is party[0] else "")
        if infant:
            await _on_lap(work, infant, guardian, party)
    return await receipt(work, segments)


async def change_seats(work: Work, *, segments: Sequence[str], seats: Sequence[str]) -> Row:
    """Give passengers who are checked in other seats. Gives `passes.receipt`.

    Refused: unknown_segment, departed, cancelled, closed(closes), not_checked_in(name), and as
    `find_seats`.
    """
    party = await _locked(work, segments)
    for booked in party:
        _refuse_unless_seated(booked, work)
    chosen = await _chosen(work, party, seats, None)
    for booked in party:
        await _free(work, booked)
    for booked, seat in zip(party, chosen, strict=True):
        await _take(work, booked, seat.number)
    return await receipt(work, segments)


async def cancel_check_in(work: Work, *, segments: Sequence[str]) -> Row:
    """Undo the check-in of passengers, and of the infants on their laps; their seats are free.

    {name, seat, flight_no, date, origin_city, destination_city}. Refused: unknown_segment,
    departed, cancelled, closed(closes), not_checked_in(name).
    """
    party = await _locked(work, segments)
    for booked in party:
        _refuse_unless_seated(booked, work)
    done = await receipt(work, segments)
    for booked in party:
        await _free(work, booked)
        await _off_lap(work, booked)
    shown = ("name", "seat", "flight_no", "date", "origin_city", "destination_city")
    return {key: done[key] for key in shown}


async def _locked(work: Work, wanted: Sequence[str]) -> list[Row]:
    """The segments, once their flight is locked. Refused: unknown_segment."""
    # SQLite has one writer and ignores this; elsewhere it makes the check-ins of a flight queue.
    flight = select(segments.c.flight).where(segments.c.id.in_(wanted))
    await work.connection.execute(
        select(flights.c.id).where(flights.c.id.in_(flight)).with_for_update()
    )
    if not wanted:
        raise Refused("unknown_segment", segment="")
    return [await trip(work.connection, segment) for segment in wanted]


def _refuse_unless_open(booked: Row, work: Work) -> None:
    state = status(booked, local(work.now))
    if state == "checked_in":
        raise Refused("already_checked_in", name=booked["name"], seat=booked["seat"])
    if state == "not_open":
        raise Refused("not_open", opens=opens(booked))
    if state == "closed":
        raise Refused("closed", closes=closes(booked))
    if state != "open":
        raise Refused(state)


def _refuse_unless_seated(booked: Row, work: Work) -> None:
    """A seat may be changed and given back as long as it could be taken."""
    state = status({**booked, "seat": None, "guardian": None}, local(work.now))
    if state == "closed":
        raise Refused("closed", closes=closes(booked))
    if state in ("departed", "cancelled"):
        raise Refused(state)
    if not booked["seat"]:
        raise Refused("not_checked_in", name=booked["name"])


async def _chosen(
    work: Work, party: Sequence[Row], wishes: Sequence[str], guardian: str | None
) -> list[Seat]:
    found = await seats_for(work, party, wishes, guardian=guardian)
    chosen = [seat for seat in found if seat is not None]
    if len(chosen) != len(party):
        raise Refused("no_match", wish="", near=[], value="")
    return chosen


async def _seat(work: Work, booked: Row, number: str, *, key: str) -> None:
    await _take(work, booked, number)
    await _number(work, booked, key=key)


async def _take(work: Work, booked: Row, number: str) -> None:
    await work.connection.execute(
        insert(seats).values(flight=booked["id"], seat=number, segment=booked["segment"])
    )


async def _number(work: Work, booked: Row, *, key: str = "") -> None:
    """Give the next number of the boarding order."""
    sequence = await work.connection.scalar(
        update(flights)
        .where(flights.c.id == booked["id"])
        .values(sequence=flights.c.sequence + 1)
        .returning(flights.c.sequence)
    )
    await work.connection.execute(
        update(segments)
        .where(segments.c.id == booked["segment"])
        .values(sequence=sequence, key=key or None)
    )


async def _free(work: Work, booked: Row) -> None:
    await work.connection.execute(delete(seats).where(seats.c.segment == booked["segment"]))


async def _on_lap(work: Work, infant: str, guardian: str | None, party: Sequence[Row]) -> None:
    booked = await trip(work.connection, infant)
    _refuse_unless_open(booked, work)
    holder = next((one for one in party if one["segment"] == guardian), None)
    if holder is None or kind(holder) != "adult":
        raise Refused("infant_alone", name=booked["name"])
    taken = select(laps.c.infant).where(laps.c.guardian == guardian)
    if await work.connection.scalar(taken) is not None:
        raise Refused("lap_taken", name=holder["name"])
    await work.connection.execute(insert(laps).values(infant=infant, guardian=guardian))
    await _number(work, booked)


async def _off_lap(work: Work, booked: Row) -> None:
    await work.connection.execute(delete(laps).where(laps.c.guardian == booked["segment"]))
