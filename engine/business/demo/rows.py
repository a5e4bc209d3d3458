"""A world as rows of the tables. Equal worlds and times give equal rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from engine.business.demo.cabin import held_seats
from engine.business.demo.clock import day, minute
from engine.business.demo.money import fen
from engine.business.demo.world import Schedule, Ticket, World

#: Flights exist from yesterday on, and to the end of next week even on a Monday.
HORIZON = (-1, 14)

Values = dict[str, Any]


def flight_id(flight_no: str, on: date) -> str:
    """Key of a dated flight: `CA1234/2026-11-24`."""
    return f"{flight_no}/{on.isoformat()}"


def segment_id(ticket_no: str, flight: str) -> str:
    """Key of one passenger's seat on a flight; a stranger cannot tell it from the flight alone."""
    return hashlib.blake2b(f"{ticket_no}|{flight}".encode(), digest_size=8).hexdigest()


def flights(world: World, now: datetime) -> Iterator[Values]:
    held = {schedule.flight_no: _held(world, schedule) for schedule in world.flights}
    for offset in range(HORIZON[0], HORIZON[1] + 1):
        on = day(now, offset)
        for schedule in world.flights:
            if str(on.isoweekday()) in schedule.days:
                yield _flight(world, schedule, on, held[schedule.flight_no])


def _flight(world: World, schedule: Schedule, on: date, held: tuple[str, ...]) -> Values:
    planned = datetime.combine(on, time.fromisoformat(schedule.at))
    departure = planned + timedelta(minutes=schedule.delay)
    return {
        "id": flight_id(schedule.flight_no, on),
        "flight_no": schedule.flight_no,
        "date": on.isoformat(),
        "airline": world.airlines[schedule.flight_no[:2]],
        "origin": schedule.route[0],
        "destination": schedule.route[1],
        "scheduled": minute(planned),
        "departure": minute(departure),
        "arrival": minute(departure + timedelta(minutes=schedule.minutes)),
        "delay": schedule.delay,
        "cancelled": schedule.cancelled,
        "terminal": schedule.terminal,
        "gate": schedule.gate,
        "aircraft": schedule.aircraft,
        "held": " ".join(held),
        "sequence": len(held) // 3,
    }


def _held(world: World, schedule: Schedule) -> tuple[str, ...]:
    layouts = world.aircraft[schedule.aircraft].values()
    fixed = {**dict.fromkeys(schedule.taken, True), **dict.fromkeys(schedule.free, False)}
    return tuple(
        seat
        for layout in layouts
        for seat in held_seats(layout, salt=schedule.flight_no, fill=schedule.fill, fixed=fixed)
    )


def airports(world: World) -> Iterator[Values]:
    for code, airport in world.airports.items():
        yield {"code": code, "city": airport.city, "name": airport.name}


def aircraft(world: World) -> Iterator[Values]:
    for code, cabins in world.aircraft.items():
        yield {"code": code, "cabins": msgspec.to_builtins(cabins)}


def members(world: World) -> Iterator[Values]:
    for number, member in enumerate(world.members, 1):
        yield {
            "id": number,
            "name": member.name,
            "phone": member.phone,
            "id_number": member.id_number,
        }


def bindings(world: World) -> Iterator[Values]:
    for number, member in enumerate(world.members, 1):
        if member.openid:
            yield {"account": "", "openid": member.openid, "member": number}


def orders(world: World, now: datetime) -> Iterator[Values]:
    numbers = {member.name: number for number, member in enumerate(world.members, 1)}
    for ticket in world.tickets:
        yield {
            **_order(ticket.order_no, "ticket", ticket.status, ticket.price, ticket.price),
            "member": numbers.get(ticket.buyer),
            "at": minute(datetime.combine(day(now, -4), time(15, 20))),
            "phone": None,
        }
    for past in world.top_ups:
        yield {
            **_order(past.order_no, "top_up", past.status, past.amount, past.price),
            "member": numbers[past.buyer],
            "at": minute(datetime.combine(day(now, -past.ago), time.fromisoformat(past.at))),
            "phone": past.phone,
        }


def _order(order_no: str, kind: str, status: str, amount: str, price: str) -> Values:
    return {
        "order_no": order_no,
        "kind": kind,
        "status": status,
        "account": "",
        "openid": "",
        "amount": fen(amount),
        "price": fen(price),
    }


def passengers(tickets: Iterable[Ticket]) -> Iterator[Values]:
    for ticket in tickets:
        for passenger in ticket.passengers:
            yield {"order_no": ticket.order_no, **msgspec.structs.asdict(passenger)}


def segments(tickets: Iterable[Ticket], now: datetime) -> Iterator[Values]:
    for ticket in tickets:
        flight = flight_id(ticket.flight_no, day(now, ticket.day))
        for passenger in ticket.passengers:
            yield {
                "id": segment_id(passenger.ticket_no, flight),
                "ticket_no": passenger.ticket_no,
                "flight": flight,
                "cabin": ticket.cabin,
            }


def prefixes(world: World) -> Iterator[Values]:
    for operator, known in world.operators.items():
        for prefix in known:
            yield {"prefix": prefix, "operator": operator}


def offers(world: World) -> Iterator[Values]:
    for operator, priced in world.offers.items():
        for amount, price in priced.items():
            yield {"operator": operator, "amount": fen(amount), "price": fen(price)}


def plans(world: World) -> Iterator[Values]:
    for name, plan in world.plans.items():
        yield {"name": name, "data_mb": plan.data_mb, "minutes": plan.minutes}


def subscribers(world: World) -> Iterator[Values]:
    for subscriber in world.subscribers:
        yield {**msgspec.structs.asdict(subscriber), "balance": fen(subscriber.balance)}


def limits(world: World) -> Iterator[Values]:
    yield {"name": "daily", "amount": fen(world.daily_limit)}
    yield {"name": "late_fee_permille", "amount": world.late_fee_permille}
    yield {"name": "payment_minutes", "amount": world.payment_minutes}


def bills(world: World, now: datetime) -> Iterator[Values]:
    for bill in world.bills:
        due = day(now, bill.due).isoformat()
        yield {
            "bill_no": bill.bill_no,
            "kind": bill.kind,
            "title": bill.title,
            "phone": bill.phone,
            "holder": bill.holder,
            "period": "" if bill.month is None else _month(now, bill.month),
            "order_no": bill.order_no,
            "amount": fen(bill.amount),
            "due": due,
            "fee": 0,
            "fee_from": due,
            "paid": fen(bill.paid),
            "paid_on": day(now, bill.paid_day).isoformat() if fen(bill.paid) else "",
        }


def _month(now: datetime, offset: int) -> str:
    year, month = divmod(day(now).year * 12 + day(now).month - 1 + offset, 12)
    return f"{year}-{month + 1:02}"
