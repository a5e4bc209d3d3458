"""Lay the demo company's tables and data, and keep the coming days filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Table, func, insert, select

from engine.business.demo import bill_tables, rows, tables
from engine.business.demo.clock import day
from engine.business.demo.world import Ticket, World, load
from engine.store import Connection


async def prepare(connection: Connection, now: datetime) -> None:
    """Lay tables, the first data where there is none, and the coming days. May run again."""
    await create(connection)
    if await connection.scalar(select(func.count()).select_from(tables.world)):
        await extend(connection, now=now)
    else:
        await seed(connection, now=now)


async def create(connection: Connection) -> None:
    """Make the demo tables that are missing."""
    await connection.run_sync(tables.metadata.create_all)


async def seed(
    connection: Connection, *, now: datetime, world: Mapping[str, Any] | None = None
) -> None:
    """Fill empty tables; `world` replaces top-level keys of `data/demo/`.

    The same `now` and world lay the same rows. Raises msgspec.ValidationError on a wrong world.
    """
    content = load(world)
    await _put(connection, tables.world, [{"id": 1, "body": msgspec.to_builtins(content)}])
    await _put(connection, tables.airports, rows.airports(content))
    await _put(connection, tables.aircraft, rows.aircraft(content))
    await _put(connection, tables.flights, rows.flights(content, now))
    await _put(connection, tables.members, rows.members(content))
    await _put(connection, tables.bindings, rows.bindings(content))
    await _put(connection, tables.orders, rows.orders(content, now))
    await _put(connection, tables.passengers, rows.passengers(content.tickets))
    await _put(connection, tables.segments, rows.segments(content.tickets, now))
    await _put(connection, tables.prefixes, rows.prefixes(content))
    await _put(connection, tables.offers, rows.offers(content))
    await _put(connection, tables.plans, rows.plans(content))
    await _put(connection, tables.subscribers, rows.subscribers(content))
    await _put(connection, tables.limits, rows.limits(content))
    await _put(connection, bill_tables.bills, rows.bills(content, now))


async def extend(connection: Connection, *, now: datetime) -> None:
    """Add the flights of the coming days, and give every ticket of the seed a flight to come.

    Changes nothing where both are there already.
    """
    content = msgspec.convert(await connection.scalar(select(tables.world.c.body)), World)
    there = set(await connection.scalars(select(tables.flights.c.id)))
    coming = [row for row in rows.flights(content, now) if row["id"] not in there]
    await _put(connection, tables.flights, coming)
    grounded = [t for t in content.tickets if not await _has_flight_to_come(connection, t, now)]
    await _put(connection, tables.segments, rows.segments(grounded, now))


async def _has_flight_to_come(connection: Connection, ticket: Ticket, now: datetime) -> bool:
    segments, passengers, flights = tables.segments, tables.passengers, tables.flights
    known = (
        select(segments.c.id)
        .join(passengers, passengers.c.ticket_no == segments.c.ticket_no)
        .join(flights, flights.c.id == segments.c.flight)
        .where(passengers.c.order_no == ticket.order_no)
        .where(flights.c.date >= day(now, min(ticket.day, 1)).isoformat())
    )
    return await connection.scalar(known.limit(1)) is not None


async def _put(connection: Connection, table: Table, values: Iterable[Mapping[str, Any]]) -> None:
    if batch := list(values):
        await connection.execute(insert(table), batch)
