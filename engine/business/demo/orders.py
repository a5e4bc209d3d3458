"""A customer's orders, tickets and top-ups alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select, update

from engine.business.demo.members import bound_member
from engine.business.demo.money import yuan
from engine.business.demo.tables import flights, passengers, segments
from engine.business.demo.tables import orders as table
from engine.business.demo.trips import destinations, origins, route
from engine.business.provider import Business, Refused, Row, Work

business = Business("orders")

#: An answer names no more orders than fit on a phone.
MOST = 5

_FLIGHT = ("flight_no", "date", "origin_city", "destination_city")


@business.query
async def recent(
    work: Work, *, order_no: str | None = None, kind: str | None = None, date: str | None = None
) -> list[Row]:
    """The customer's newest orders; with `date`, those made or flown on that day.

    {order_no, kind, status, amount, at, phone, flight_no, date, name, origin_city,
    destination_city}; amount is what was paid for a ticket, and the face value of a top-up; `name`
    joins passengers with 、. Who knows a ticket's order or ticket number may see it; a top-up is
    shown to who made it. Refused: no_such_order(order_no).
    """
    conditions = [await _visible(work, order_no)]
    if kind:
        conditions.append(table.c.kind == kind)
    query = select(table).where(*conditions).order_by(table.c.at.desc(), table.c.order_no)
    found = [dict(row) for row in (await work.connection.execute(query)).mappings()]
    if order_no and not found:
        raise Refused("no_such_order", order_no=order_no)
    rows = [await _row(work, order) for order in found]
    return [row for row in rows if date in (None, row["date"], row["at"][:10])][:MOST]


@business.forget
async def forget(work: Work) -> None:
    """Keep the orders, which the company has to account for, but not whose chat they came from."""
    mine = (table.c.account == work.account) & (table.c.openid == work.openid)
    await work.connection.execute(update(table).where(mine).values(account="", openid=""))


async def _visible(work: Work, order_no: str | None) -> ColumnElement[bool]:
    own = (table.c.account == work.account) & (table.c.openid == work.openid)
    if member := await bound_member(work):
        own |= table.c.member == member["id"]
    if not order_no:
        return own
    number = order_no.upper().replace("-", "")
    of_ticket = select(passengers.c.order_no).where(passengers.c.ticket_no == number)
    numbered = (table.c.order_no == number) | table.c.order_no.in_(of_ticket)
    return numbered & (own | (table.c.kind == "ticket"))


async def _row(work: Work, order: Row) -> Row:
    row: dict[str, Any] = {key: order[key] for key in ("order_no", "kind", "status", "at", "phone")}
    row["amount"] = yuan(order["amount"])
    row.update(dict.fromkeys(_FLIGHT), name=None)
    if order["kind"] == "ticket":
        row.update(await _flown(work, str(order["order_no"])))
    return row


async def _flown(work: Work, order_no: str) -> Row:
    """The passengers of an order and the latest flight on it."""
    query = (
        select(
            passengers.c.name,
            flights.c.flight_no,
            flights.c.date,
            origins.c.city.label("origin_city"),
            destinations.c.city.label("destination_city"),
        )
        .select_from(
            route(
                passengers.join(segments, segments.c.ticket_no == passengers.c.ticket_no).join(
                    flights, flights.c.id == segments.c.flight
                )
            )
        )
        .where(passengers.c.order_no == order_no)
        .order_by(flights.c.departure.desc(), passengers.c.ticket_no)
    )
    found = (await work.connection.execute(query)).mappings().all()
    names = "、".join(dict.fromkeys(row["name"] for row in found))
    return {**{key: found[0][key] for key in _FLIGHT}, "name": names} if found else {}
