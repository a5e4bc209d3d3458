"""What must hold when all is over: nothing lost, nothing doubled, every fen and seat accounted for.

It knows the database by its tables and the platform's log, and nothing of the engine.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.faults.database import Row, read
from tests.faults.platform_side import STILL_WORKING, Message

#: What a customer is told when something went wrong inside.
FAILED = "系统暂时出了点问题"

_ORDER = re.compile(r"订单号 (\d{17})\b")
_RECEIPT = re.compile(r"收到付款.*?缴费单号 (\d{17})\b", re.DOTALL)
_SEAT = re.compile(r"座位 (\d+[A-Z])，序号")

_BALANCES = "SELECT phone, balance FROM demo_subscriber"
_TOP_UPS = "SELECT openid, order_no, phone, amount FROM demo_order WHERE kind = 'top_up'"
_BILLS = "SELECT bill_no, paid FROM demo_bill"
_PAID = "SELECT order_no, owed, amount FROM demo_payment WHERE status = 'paid'"
_PAYERS = "SELECT openid, order_no FROM demo_payment WHERE status = 'paid' AND openid <> ''"
_WAITING = "SELECT openid FROM outbox UNION SELECT openid FROM notices"
_SETTLED = "SELECT order_no, amount FROM demo_order WHERE kind = 'bill'"
_SEATS = (
    "SELECT b.openid, s.flight, s.seat, g.sequence, f.held FROM demo_seat s"
    " JOIN demo_segment g ON g.id = s.segment JOIN demo_flight f ON f.id = s.flight"
    " JOIN demo_passenger p ON p.ticket_no = g.ticket_no"
    " JOIN demo_member m ON m.id_number = p.id_number"
    " LEFT JOIN demo_binding b ON b.member = m.id"
)
_EFFECTS = "SELECT openid, name FROM ledger"
_ANSWERED = "SELECT openid, key FROM inbox"
_HEARD = "SELECT openid FROM conversation WHERE author = 'customer'"


@dataclass(frozen=True)
class Before:
    """The money when nobody had said anything: balances by phone, what was paid by bill."""

    balances: dict[str, int]
    paid: dict[str, int]
    orders: frozenset[str]


async def before(address: str) -> Before:
    """The money as it is now."""
    return Before(
        dict(await read(address, _BALANCES)),
        dict(await read(address, _BILLS)),
        frozenset(order for _, order, *_ in await read(address, _TOP_UPS)),
    )


async def faults(
    address: str, log: Sequence[Message], was: Before, *, may_fail: bool = False
) -> list[str]:
    """Everything that is wrong, a line each. ``may_fail``: customers may have been told so."""
    return [
        *_unanswered(log, may_fail=may_fail),
        *await _lost(address, log, may_fail=may_fail),
        *await _doubled(address, log),
        *await _wrong_money(address, was),
        *await _wrong_bills(address, was),
        *await _wrong_receipts(address, log),
        *await _wrong_seats(address, log),
    ]


def _unanswered(log: Sequence[Message], *, may_fail: bool) -> Iterable[str]:
    for message in log:
        if not message.answers:
            yield f"lost: {message.openid} {message.said} has no answer"
        allowed = (STILL_WORKING, FAILED) if may_fail else (STILL_WORKING,)
        kinds = {each for each in message.answers if not any(map(each.__contains__, allowed))}
        if len(kinds) > 1:
            yield f"wrong: {message.openid} {message.said} has several answers: {kinds}"
        if not may_fail and any(FAILED in answer for answer in message.answers):
            yield f"wrong: {message.openid} {message.said} failed"


async def _lost(address: str, log: Sequence[Message], *, may_fail: bool) -> Iterable[str]:
    kept = {(openid, key.split()[-1]) for openid, key in await read(address, _ANSWERED)}
    missing = [
        message
        for message in log
        if (message.openid, str(message.id)) not in kept
        and not (may_fail and all(FAILED in answer for answer in message.answers))
    ]
    return [f"lost: {each.openid} {each.said} is not in the inbox" for each in missing]


async def _doubled(address: str, log: Sequence[Message]) -> Iterable[str]:
    """Orders are those that customers were told of, and turns as many as messages."""
    done: dict[str, set[str]] = {}
    for openid, order, *_ in await read(address, _TOP_UPS):
        done.setdefault(openid, set()).add(order)
    told = _told(log, _ORDER)
    effects = Counter(openid for openid, name in await read(address, _EFFECTS) if name in _TOPS)
    heard = Counter(openid for (openid,) in await read(address, _HEARD))
    said = Counter(message.openid for message in log)
    return [
        *(
            f"doubled or lost: {openid} was told of {told.get(openid)}, done is {done.get(openid)}"
            for openid in said
            if done.get(openid, set()) != told.get(openid, set())
        ),
        *(
            f"wrong: {openid} has {effects[openid]} effects for {len(done.get(openid, ()))} orders"
            for openid in said
            if effects[openid] != len(done.get(openid, ()))
        ),
        *(
            f"doubled: {openid} said {said[openid]} messages, heard were {heard[openid]}"
            for openid in said
            if heard[openid] > said[openid]
        ),
    ]


_TOPS = {"telecom.top_up"}


def _told(log: Sequence[Message], what: re.Pattern[str]) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for message in log:
        for answer in message.answers:
            for found in what.findall(answer):
                told.setdefault(message.openid, set()).add(found)
    return told


async def _wrong_money(address: str, was: Before) -> Iterable[str]:
    """A balance is what it was and what was put on it."""
    should = Counter(was.balances)
    for _, order, phone, amount in await read(address, _TOP_UPS):
        if order not in was.orders:
            should[phone] += amount
    for bill, paid in await read(address, _BILLS):
        if bill in _ARREARS:
            should[_ARREARS[bill]] += paid - was.paid.get(bill, 0)
    balances = dict(await read(address, _BALANCES))
    return [
        f"wrong: {phone} has {balances.get(phone)} fen, not {amount}"
        for phone, amount in should.items()
        if balances.get(phone, 0) != amount
    ]


#: The one bill of the demo that is a balance below zero, and its number.
_ARREARS = {"26100401": "18612345678"}


async def _wrong_bills(address: str, was: Before) -> Iterable[str]:
    """What was paid on bills is what was taken, by payments and by the orders that tell of them."""
    bills = await read(address, _BILLS)
    paid = sum(amount for _, amount in bills) - sum(was.paid.get(bill, 0) for bill, _ in bills)
    taken = _amounts((order, amount) for order, _, amount in await read(address, _PAID))
    told = _amounts(await read(address, _SETTLED))
    if taken != told:
        yield_ = sorted(taken.items() ^ told.items())
        return [f"wrong: payments and orders of them differ: {yield_}"]
    if paid != sum(taken.values()):
        return [f"wrong: {paid} fen were paid on bills, {sum(taken.values())} were taken"]
    return []


async def _wrong_receipts(address: str, log: Sequence[Message]) -> Iterable[str]:
    """Who has paid is told so once, or will be with the next message."""
    receipts = Counter(
        order for message in log for order in set(_RECEIPT.findall("\n".join(message.answers)))
    )
    waiting = {openid for (openid,) in await read(address, _WAITING)}
    payers = await read(address, _PAYERS)
    return [
        *(f"doubled: receipt of {order}" for order, times in receipts.items() if times > 1),
        *(
            f"lost: {openid} was not told that {order} is paid"
            for openid, order in payers
            if not receipts[order] and openid not in waiting
        ),
    ]


def _amounts(rows: Iterable[Row]) -> dict[str, int]:
    return {order: amount for order, amount in rows}


async def _wrong_seats(address: str, log: Sequence[Message]) -> Iterable[str]:
    """A seat is one passenger's, was free, and is the one that this passenger was told of."""
    rows = await read(address, _SEATS)
    told = _told(log, _SEAT)
    places = Counter((flight, seat) for _, flight, seat, *_ in rows)
    numbers = Counter((flight, number) for _, flight, _, number, _ in rows)
    sold = {openid: seat for openid, _, seat, *_ in rows}
    return [
        *(
            f"doubled: seat {place} is sold {times} times"
            for place, times in places.items()
            if times > 1
        ),
        *(f"doubled: boarding number {number}" for number, times in numbers.items() if times > 1),
        *(
            f"wrong: seat {seat} of {flight} was not free"
            for _, flight, seat, _, held in rows
            if seat in held.split()
        ),
        *(
            f"wrong: {openid} was told of seats {seats}, and has {sold.get(openid)}"
            for openid, seats in told.items()
            if seats != {sold.get(openid)}
        ),
        *(
            f"lost: {openid} has seat {seat} and was not told"
            for openid, seat in sold.items()
            if openid and openid not in told
        ),
    ]
