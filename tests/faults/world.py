"""Customers of the demo company: each a member with a number, a bill and a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.faults.database import write

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_FLIGHT = (
    "INSERT INTO demo_flight (id, flight_no, date, airline, origin, destination, scheduled,"
    " departure, arrival, delay, cancelled, terminal, gate, aircraft, held, sequence)"
    " VALUES (?, ?, ?, '国航', 'PEK', 'SHA', ?, ?, ?, 0, false, 'T3', 'C1', 'A320', ?, 0)"
)
_MEMBER = "INSERT INTO demo_member (id, name, phone, id_number) VALUES (?, ?, ?, ?)"
_BINDING = "INSERT INTO demo_binding (account, openid, member) VALUES ('', ?, ?)"
_ORDER = (
    "INSERT INTO demo_order (order_no, kind, status, account, openid, member, amount, price, at)"
    " VALUES (?, 'ticket', 'ticketed', '', '', ?, 50000, 50000, '2026-01-01T10:00')"
)
_PASSENGER = (
    "INSERT INTO demo_passenger (ticket_no, order_no, name, latin, id_number)"
    " VALUES (?, ?, ?, 'WU/FENG', ?)"
)
_SEGMENT = "INSERT INTO demo_segment (id, ticket_no, flight, cabin) VALUES (?, ?, ?, 'economy')"
_BILL = (
    "INSERT INTO demo_bill (bill_no, kind, title, phone, holder, period, order_no, amount, due,"
    " fee, fee_from, paid, paid_on)"
    " VALUES (?, 'mobile', '手机话费', ?, ?, '', '', ?, ?, 0, ?, 0, '')"
)
_NAMES = "赵钱孙李周吴郑王冯陈"


def openid(number: int) -> str:
    """Whom the platform calls the customer of a number."""
    return f"oFaults-{number}"


def phone(number: int) -> str:
    """The customer's own."""
    return f"138{70000000 + number}"


async def fly(address: str, flight_no: str, *, seats: Sequence[str] | None = None) -> str:
    """Lay a flight that is open for check-in, of which only these ``seats`` are free; its key."""
    leaves = datetime.now(_SHANGHAI).replace(tzinfo=None) + timedelta(hours=6)
    at, date = leaves.isoformat(timespec="minutes"), leaves.date().isoformat()
    lands = (leaves + timedelta(hours=2)).isoformat(timespec="minutes")
    all_of_them = [f"{row}{letter}" for row in range(3, 31) for letter in "ABCDEF"]
    held = [seat for seat in all_of_them if seats is not None and seat not in seats]
    key = f"{flight_no}/{date}"
    await write(address, _FLIGHT, [(key, flight_no, date, at, at, lands, " ".join(held))])
    return key


async def settle(address: str, numbers: Sequence[int], flight: str) -> None:
    """Lay the customers of these numbers, who will all go by one flight."""
    due = (datetime.now(_SHANGHAI) + timedelta(days=20)).date().isoformat()
    people = [
        (1000 + n, f"{_NAMES[n % 10]}小{_NAMES[n // 10 % 10]}", phone(n), f"11010119900101{n:04}")
        for n in numbers
    ]
    await write(address, _MEMBER, people)
    await write(address, _BINDING, [(openid(n), 1000 + n) for n in numbers])
    await write(address, _ORDER, [(f"QF{n:04}", 1000 + n) for n in numbers])
    tickets = [f"999-{5000000000 + n}".replace("-", "") for n in numbers]
    await write(
        address,
        _PASSENGER,
        [
            (ticket, f"QF{n:04}", name, identity)
            for ticket, n, (_, name, _, identity) in zip(tickets, numbers, people, strict=True)
        ],
    )
    await write(address, _SEGMENT, [(f"{ticket}-seg", ticket, flight) for ticket in tickets])
    bills = [
        (f"99{n:06}", phone(n), name, 1000 + 7 * n, due, due)
        for n, (_, name, _, _) in zip(numbers, people, strict=True)
    ]
    await write(address, _BILL, bills)
