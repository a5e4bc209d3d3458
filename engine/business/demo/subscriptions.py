"""What customers want to be told of: changes of a flight, a balance that runs low."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert_postgresql
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from engine.business.demo import bookings
from engine.business.demo.clock import local, minute
from engine.business.demo.flights import flights as flights_of
from engine.business.demo.journeys import leg
from engine.business.demo.members import bound_member
from engine.business.demo.money import fen, yuan
from engine.business.demo.tables import flights, subscriptions
from engine.business.demo.trips import destinations, origins, route
from engine.business.provider import Business, Refused, Row, Work

business = Business("notices")

#: In place of a flight number: the flights that the customer has booked.
MINE = "mine"
#: In place of a kind: what stands for every one.
ALL = "all"
#: The balance in fen below which a customer is told, if they name no other.
LOW = 1000


@business.query
async def flights_to_follow(
    work: Work,
    *,
    flight_no: str | None = None,
    date: str | None = None,
    origin: str | None = None,
    destination: str | None = None,
    order_no: str | None = None,
) -> list[Row]:
    """The flights to come that fit: {flight, flight_no, airline, date, departure, origin_city,
    destination_city, leg}; ``leg`` as of `journeys`.

    With ``order_no``, a ticket's number too, those of that order.

    ``flight_no`` "mine" are those that the customer has booked; without a date those of the number
    that they have booked, else the next one. From ``origin`` to ``destination`` without a number
    they are those that they have booked, else all of the route.
    Refused: unknown_flight(flight_no), no_flight_that_day(flight_no, date, days).
    """
    places = {"origin": origin, "destination": destination}
    if order_no:
        found = await bookings.bookings(work, date=date, order_no=order_no, **places)
    elif flight_no in (None, MINE):
        found = await bookings.bookings(work, date=date, **places)
        if not found and flight_no is None and origin and destination:
            found = await flights_of(work, date=date, **places)
    else:
        booked = [] if date else await bookings.bookings(work, flight_no=flight_no)
        found = booked or await flights_of(work, flight_no=flight_no, date=date)
    clock = minute(local(work.now))
    to_come = [row for row in found if row["departure"] > clock]
    rows = {f"{row['flight_no']}/{row['date']}": _shown(row) for row in to_come}
    return [
        {"flight": flight, **row, "leg": leg(row, rows.values())} for flight, row in rows.items()
    ]


def _shown(row: Row) -> Row:
    shown = ("flight_no", "date", "departure", "origin_city", "destination_city")
    return {**{key: row[key] for key in shown}, "airline": row["flight_no"][:2]}


@business.effect
async def follow_flight(work: Work, *, flight: str) -> Row:
    """Tell this customer of changes of a flight: {flight, flight_no, date}."""
    row = await _flight(work, flight)
    await _put(work, "flight", flight, None)
    return {"flight": flight, "flight_no": row["flight_no"], "date": row["date"]}


@business.effect
async def follow_balance(work: Work, *, below: str) -> Row:
    """Tell this member when their balance falls below some yuan: {phone, below}.

    Refused: not_a_member, not_an_amount(below).
    """
    member = await bound_member(work)
    if member is None:
        raise Refused("not_a_member")
    try:
        least = fen(below)
    except ValueError:
        raise Refused("not_an_amount", below=below) from None
    await _put(work, "balance", member["phone"], least)
    return {"phone": member["phone"], "below": yuan(least)}


@business.query
async def mine(work: Work, *, kind: str | None = None, flight_no: str | None = None) -> list[Row]:
    """What this customer is told of, flights that have left not among it.

    {subscription, kind, flight_no, date, departure, origin_city, destination_city, phone, below};
    ``kind`` is flight or balance. ``flight_no`` narrows it to one flight number.
    """
    rows = [*await _flights(work), *await _balances(work)]
    if flight_no and flight_no != MINE:
        rows = [row for row in rows if row["flight_no"] == flight_no.upper()]
    return [row for row in rows if kind in (None, row["kind"])]


@business.query
async def to_stop(
    work: Work, *, kind: str | None = None, flight_no: str | None = None, date: str | None = None
) -> list[Row]:
    """As `mine`, and last, where there are several, one that stands for all of them: ``all``.

    ``date`` narrows it to the flights of a day, where there are any.
    """
    followed = await mine(work, kind=kind, flight_no=flight_no)
    that_day = [row for row in followed if date and row["date"] == date]
    rows: list[Row] = [{**row, "all": ""} for row in that_day or followed]
    if len(rows) < 2 or flight_no:
        return rows
    whole = {**dict.fromkeys(rows[0], ""), "subscription": f"{ALL}:{kind or ''}", "all": "yes"}
    return [*rows, whole]


@business.effect
async def stop(work: Work, *, subscription: str) -> Row:
    """Tell this customer no more of what `to_stop` listed: {stopped}, a number."""
    where = _own(work)
    kind, _, subject = subscription.partition(":")
    if kind != ALL:
        where &= (subscriptions.c.kind == kind) & (subscriptions.c.subject == subject)
    elif subject:
        where &= subscriptions.c.kind == subject
    done = await work.connection.execute(delete(subscriptions).where(where))
    return {"stopped": str(done.rowcount)}


@business.silence
@business.forget
async def forget(work: Work) -> None:
    """Delete what this customer wanted to be told of, as they have left or want no more of it."""
    await work.connection.execute(delete(subscriptions).where(_own(work)))


async def followers(work: Work, kind: str, subject: str) -> list[Row]:
    """Who is told of a flight or a phone: {account, openid, below}."""
    wanted = (subscriptions.c.kind == kind) & (subscriptions.c.subject == subject)
    found = await work.connection.execute(select(subscriptions).where(wanted))
    return [dict(row) for row in found.mappings()]


def _own(work: Work) -> Any:
    return (subscriptions.c.account == work.account) & (subscriptions.c.openid == work.openid)


async def _put(work: Work, kind: str, subject: str, below: int | None) -> None:
    key = {"account": work.account, "openid": work.openid, "kind": kind, "subject": subject}
    postgresql = work.connection.dialect.name == "postgresql"
    upsert: Any = upsert_postgresql if postgresql else upsert_sqlite
    statement = upsert(subscriptions).values({**key, "below": below})
    await work.connection.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_={"below": below})
    )


async def _flight(work: Work, flight: str) -> Row:
    found = await work.connection.execute(select(flights).where(flights.c.id == flight))
    row = found.mappings().first()
    if row is None:
        raise Refused("unknown_flight", flight_no=flight.partition("/")[0])
    return dict(row)


async def _flights(work: Work) -> list[Row]:
    found = await work.connection.execute(
        select(
            flights.c.id,
            flights.c.flight_no,
            flights.c.date,
            flights.c.departure,
            origins.c.city.label("origin_city"),
            destinations.c.city.label("destination_city"),
        )
        .select_from(route(flights))
        .join(subscriptions, subscriptions.c.subject == flights.c.id)
        .where(_own(work), subscriptions.c.kind == "flight")
        .where(flights.c.departure > minute(local(work.now)))
        .order_by(flights.c.departure)
    )
    blank = {"phone": "", "below": ""}
    return [
        {"subscription": f"flight:{row['id']}", "kind": "flight", **_without_id(row), **blank}
        for row in found.mappings()
    ]


def _without_id(row: Any) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "id"}


async def _balances(work: Work) -> list[Row]:
    found = await work.connection.execute(
        select(subscriptions).where(_own(work), subscriptions.c.kind == "balance")
    )
    blank = dict.fromkeys(("flight_no", "date", "departure", "origin_city", "destination_city"), "")
    return [
        {
            "subscription": f"balance:{row['subject']}",
            "kind": "balance",
            **blank,
            "phone": row["subject"],
            "below": yuan(row["below"]),
        }
        for row in found.mappings()
    ]
