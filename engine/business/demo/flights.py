"""Where the flights are: the answers to 几点起飞 and 有哪些航班."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from engine.business.demo.clock import day, local, minute, moment
from engine.business.demo.tables import flights as table
from engine.business.demo.trips import at, destinations, origins, route
from engine.business.provider import Refused, Row, Work

#: A flight is boarding from thirty to ten minutes before it leaves.
BOARDING, GATE_CLOSES = timedelta(minutes=30), timedelta(minutes=10)

#: Until a day before, nothing is known that the timetable does not say.
KNOWN_AHEAD = timedelta(hours=24)


async def flights(
    work: Work,
    *,
    flight_no: str | None = None,
    date: str | None = None,
    origin: str | None = None,
    destination: str | None = None,
    after: str | None = None,
    before: str | None = None,
) -> list[Row]:
    """The flights of a number or a route, by departure; without a date those that leave next.

    Places are cities or IATA codes. Of a route, only those that leave from ``after`` to
    ``before`` (HH:MM). For a number without a date that is one row, for a route the
    rest of the first day that still has departures. Refused: unknown_flight(flight_no),
    no_flight_that_day(flight_no, date, days) with the days near it on which it flies.
    {flight_no, date, airline, origin, destination, origin_city, destination_city, origin_airport,
    destination_airport, departure, arrival, scheduled_departure, delay, gate, terminal, status}.
    """
    conditions: list[ColumnElement[bool]] = []
    if flight_no:
        conditions.append(table.c.flight_no == flight_no.upper())
    if origin:
        conditions.append(at(origins, origin))
    if destination:
        conditions.append(at(destinations, destination))
    if not conditions:
        return []
    found = await _select(work, conditions)
    if flight_no and not found:
        await _refuse_unknown(work, flight_no.upper())
    chosen = (
        [row for row in found if row["date"] == date] if date else _next(found, work, flight_no)
    )
    if flight_no and found and not chosen:
        near = _days_near(date, found, day(work.now).isoformat())
        raise Refused("no_flight_that_day", flight_no=flight_no.upper(), date=date, days=near)
    if not flight_no:
        chosen = [row for row in chosen if _is_between(row, after, before)]
    return [_row(row, local(work.now)) for row in chosen]


def _is_between(row: Row, after: str | None, before: str | None) -> bool:
    clock = str(row["departure"])[11:16]
    return (after or "00:00") <= clock <= (before or "24:00")


async def _select(work: Work, conditions: list[ColumnElement[bool]]) -> list[Row]:
    query = (
        select(
            table,
            origins.c.city.label("origin_city"),
            origins.c.name.label("origin_airport"),
            destinations.c.city.label("destination_city"),
            destinations.c.name.label("destination_airport"),
        )
        .select_from(route(table))
        .where(*conditions)
        .order_by(table.c.departure, table.c.id)
    )
    return [dict(row) for row in (await work.connection.execute(query)).mappings()]


async def _refuse_unknown(work: Work, flight_no: str) -> None:
    known = select(table.c.id).where(table.c.flight_no == flight_no).limit(1)
    if await work.connection.scalar(known) is None:
        raise Refused("unknown_flight", flight_no=flight_no)


def _next(found: list[Row], work: Work, flight_no: str | None) -> list[Row]:
    clock = minute(local(work.now))
    coming = [row for row in found if row["departure"] > clock]
    if flight_no:
        return coming[:1]
    return [row for row in coming if row["date"] == coming[0]["date"]]


def _days_near(date: str | None, found: list[Row], today: str) -> list[str]:
    """Up to three days from today on, those nearest to a date."""

    def distance(other: str) -> tuple[int, str]:
        return abs((moment(other) - moment(date or today)).days), other

    days = {row["date"] for row in found if row["date"] >= today}
    return sorted(sorted(days, key=distance)[:3])


def _row(row: Row, now: datetime) -> dict[str, Any]:
    shown = (
        *("flight_no", "date", "airline", "origin", "destination", "origin_city"),
        *("destination_city", "origin_airport", "destination_airport", "departure", "arrival"),
        *("delay", "gate", "terminal"),
    )
    return {
        **{key: row[key] for key in shown},
        "scheduled_departure": row["scheduled"],
        "status": flight_status(row, now),
    }


def flight_status(row: Row, now: datetime) -> str:
    """cancelled, arrived, departed, boarding, delayed, on_time, or scheduled (a day ahead)."""
    departure, clock = moment(row["departure"]), minute(now)
    if row["cancelled"]:
        return "cancelled"
    if clock >= row["arrival"]:
        return "arrived"
    if clock >= row["departure"]:
        return "departed"
    if minute(departure - BOARDING) <= clock < minute(departure - GATE_CLOSES):
        return "boarding"
    if row["delay"]:
        return "delayed"
    return "on_time" if departure - now <= KNOWN_AHEAD else "scheduled"
