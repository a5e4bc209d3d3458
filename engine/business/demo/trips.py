"""A passenger's segments with all that the rules of check-in look at."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, select

from engine.business.demo.clock import minute, moment
from engine.business.demo.tables import (
    airports,
    flights,
    laps,
    orders,
    passengers,
    seats,
    segments,
)
from engine.business.provider import Refused, Row
from engine.store import Connection

#: Check-in opens this long before the planned departure, and closes before the actual one.
OPENS = timedelta(hours=48)
CLOSES = timedelta(minutes=45)
#: Below these ages a passenger is an infant, a child, and too young to help at an exit.
INFANT, CHILD, EXIT = 2, 12, 15

origins = airports.alias("origin_airport")
destinations = airports.alias("destination_airport")


def route(table: FromClause) -> FromClause:
    """`table`, which has the flights in it, joined to the airports at both ends."""
    return table.join(origins, origins.c.code == flights.c.origin).join(
        destinations, destinations.c.code == flights.c.destination
    )


def at(airport: FromClause, place: str) -> ColumnElement[bool]:
    """Whether an end of the route is `place`: an IATA code or the name of a city."""
    name = place.removesuffix("市")
    return (airport.c.code == place.upper()) | (airport.c.city == name)


def _query() -> Select[Any]:
    return select(
        segments.c.id.label("segment"),
        segments.c.cabin,
        segments.c.sequence,
        segments.c.key,
        passengers.c.name,
        passengers.c.latin,
        passengers.c.id_number,
        passengers.c.order_no,
        seats.c.seat,
        laps.c.guardian,
        flights,
        origins.c.city.label("origin_city"),
        destinations.c.city.label("destination_city"),
    ).select_from(
        route(
            segments.join(passengers, passengers.c.ticket_no == segments.c.ticket_no)
            .join(orders, orders.c.order_no == passengers.c.order_no)
            .join(flights, flights.c.id == segments.c.flight)
            .outerjoin(seats, seats.c.segment == segments.c.id)
            .outerjoin(laps, laps.c.infant == segments.c.id)
        )
    )


async def trips(connection: Connection, *conditions: ColumnElement[bool]) -> list[Row]:
    """The segments of paid tickets that fit, by departure and passenger."""
    found = await connection.execute(
        _query()
        .where(orders.c.status == "ticketed", *conditions)
        .order_by(flights.c.departure, passengers.c.ticket_no)
    )
    return [dict(row) for row in found.mappings()]


async def trip(connection: Connection, segment: str) -> Row:
    """One segment. Refused: unknown_segment(segment)."""
    found = await trips(connection, segments.c.id == segment)
    if not found:
        raise Refused("unknown_segment", segment=segment)
    return found[0]


def opens(trip: Row) -> str:
    """When check-in opens, ISO to the minute."""
    return minute(moment(trip["scheduled"]) - OPENS)


def closes(trip: Row) -> str:
    """When check-in closes, ISO to the minute; that minute is too late."""
    return minute(moment(trip["departure"]) - CLOSES)


def age(trip: Row) -> int:
    """How old the passenger is on the day of the flight."""
    number = str(trip["id_number"])
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    on = date.fromisoformat(trip["date"])
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def kind(trip: Row) -> str:
    """infant (below two years, on a lap), child (below twelve) or adult."""
    years = age(trip)
    return "infant" if years < INFANT else "child" if years < CHILD else "adult"


def status(trip: Row, now: datetime) -> str:
    """open, not_open, closed, checked_in, departed or cancelled. `now` is Shanghai's clock."""
    clock = minute(now)
    if trip["cancelled"]:
        return "cancelled"
    if clock >= trip["departure"]:
        return "departed"
    if trip["seat"] or trip["guardian"]:
        return "checked_in"
    if clock < opens(trip):
        return "not_open"
    return "open" if clock < closes(trip) else "closed"
