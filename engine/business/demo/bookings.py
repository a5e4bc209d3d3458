"""Which segments a customer may act on."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, false, or_, select

from engine.business.demo.clock import day, local
from engine.business.demo.members import bound_member
from engine.business.demo.tables import flights, orders, passengers
from engine.business.demo.trips import at, closes, destinations, opens, origins, status, trips
from engine.business.provider import Row, Work


async def bookings(
    work: Work,
    *,
    flight_no: str | None = None,
    date: str | None = None,
    name: str | None = None,
    id_number: str | None = None,
    order_no: str | None = None,
    origin: str | None = None,
    destination: str | None = None,
) -> list[Row]:
    """The segments that a customer may act on, by departure; every given argument narrows them.

    An ID number or an order (or ticket) number is proof enough; without one they are those of the
    bound member and of the orders this member paid. Without a date, departed flights are left out
    as long as there are others. {segment, order_no, flight_no, airline, date, name, origin,
    destination, origin_city, destination_city, departure, cabin, seat, status, opens, closes}.
    """
    conditions = [await allowed(work, id_number, order_no)]
    if flight_no:
        conditions.append(flights.c.flight_no == flight_no.upper())
    if name:
        conditions.append(passengers.c.name == name)
    if origin:
        conditions.append(at(origins, origin))
    if destination:
        conditions.append(at(destinations, destination))
    if date:
        conditions.append(flights.c.date == date)
    else:
        conditions.append(flights.c.date >= day(work.now).isoformat())
    rows = [_row(trip, work) for trip in await trips(work.connection, *conditions)]
    coming = [row for row in rows if row["status"] != "departed"]
    return rows if date else coming or rows


async def allowed(work: Work, id_number: str | None, order_no: str | None) -> ColumnElement[bool]:
    """The condition for segments that this customer may act on.

    An ID number proves one passenger, an order number all of its order; both prove the order that
    the passenger is in.
    """
    if not id_number and not order_no:
        member = await bound_member(work)
        if member is None:
            return false()
        return or_(passengers.c.id_number == member["id_number"], orders.c.member == member["id"])
    number = (order_no or "").upper().replace("-", "")
    whole = (passengers.c.order_no == number) | (passengers.c.ticket_no == number)
    if not id_number:
        return whole
    own = passengers.c.id_number == id_number.upper()
    return own if not order_no else whole & passengers.c.order_no.in_(_orders_with(own))


def _orders_with(passenger: ColumnElement[bool]) -> Select[tuple[str]]:
    return select(passengers.c.order_no).where(passenger)


_SHOWN = (
    *("segment", "order_no", "flight_no", "date", "name", "origin", "destination"),
    *("origin_city", "destination_city", "departure", "cabin", "seat"),
)


def _row(trip: Row, work: Work) -> Row:
    return {
        **{key: trip[key] for key in _SHOWN},
        "airline": trip["flight_no"][:2],
        "status": status(trip, local(work.now)),
        "opens": opens(trip),
        "closes": closes(trip),
    }
