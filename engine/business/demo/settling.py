"""The payment company's word: the money for an order was taken, or never will be."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, update

from engine.business.demo.bill_tables import bills, payments
from engine.business.demo.clock import day, local, minute
from engine.business.demo.members import bound_member
from engine.business.demo.money import fen, yuan
from engine.business.demo.payment_orders import bills_of, end, find, status_of
from engine.business.demo.tables import orders, subscribers
from engine.business.provider import Business, Refused, Row, Work

business = Business("payments")


@business.event
async def settle(work: Work, *, order_no: str, transaction: str, amount: str) -> Row:
    """The money for an order was taken: {order_no, status}. Told again, it changes nothing.

    With the status `changed` nothing is paid, for something else is owed by now than what was
    confirmed, and the money goes back; so it does when this is refused: unknown_order, amount,
    already_paid, closed, expired.
    """
    order = await find(work, payments.c.order_no == order_no, hold=True)
    if order is None:
        raise Refused("unknown_order", order_no=order_no)
    if not _is_amount(amount, order["amount"]):
        raise Refused("amount", order_no=order_no, amount=yuan(order["amount"]))
    status = status_of(work, order)
    if status == "changed" or (status == "paid" and order["transaction"] == transaction):
        return {"order_no": order_no, "status": status}
    if status != "open":
        raise Refused("already_paid" if status == "paid" else status, order_no=order_no)
    owing = await bills_of(work, order, hold=True)
    if _is_other(order, owing):
        await end(work, order, "changed")
        return {"order_no": order_no, "status": "changed"}
    await _credit(work, order, owing)
    await _record(work, order)
    await end(work, order, "paid", transaction=transaction)
    return {"order_no": order_no, "status": "paid"}


@business.event
async def abandon(work: Work, *, order_no: str) -> Row:
    """The customer gave up on the page: {order_no, status}. Refused: unknown_order(order_no)."""
    order = await find(work, payments.c.order_no == order_no, hold=True)
    if order is None:
        raise Refused("unknown_order", order_no=order_no)
    status = status_of(work, order)
    if status == "open":
        await end(work, order, "closed")
        status = "closed"
    return {"order_no": order_no, "status": status}


def _is_amount(told: str, expected: int) -> bool:
    try:
        return fen(told) == expected
    except (ValueError, TypeError):
        return False


def _is_other(order: Row, owing: list[Row]) -> bool:
    """Whether the amount is wrong by now: more than is owed, or no longer all that is owed."""
    whole, confirmed = sum(each["owed"] for each in owing), sum(order["owed"].values())
    return bool(order["amount"] > whole or (order["amount"] == confirmed != whole))


async def _credit(work: Work, order: Row, owing: list[Row]) -> None:
    """Pay the bills of an order, the oldest first."""
    left = int(order["amount"])
    for bill in owing:
        part = min(left, bill["owed"])
        left -= part
        if part:
            await _pay(work, bill, part)


async def _pay(work: Work, bill: Row, part: int) -> None:
    today = day(work.now).isoformat()
    await work.connection.execute(
        update(bills)
        .where(bills.c.bill_no == bill["bill_no"])
        .values(
            paid=bills.c.paid + part,
            paid_on=today,
            # What was late until now stays; from here on only the rest grows.
            fee=bill["fee"],
            fee_from=max(today, bill["fee_from"]),
        )
    )
    if bill["kind"] == "arrears":
        line = subscribers.c.phone == bill["phone"]
        lifted = subscribers.c.balance + part
        await work.connection.execute(update(subscribers).where(line).values(balance=lifted))


async def _record(work: Work, order: Row) -> None:
    """Keep the payment among the customer's orders."""
    owner = Work(work.connection, work.now, order["account"], order["openid"])
    member = await bound_member(owner)
    row: dict[str, Any] = {
        **{key: order[key] for key in ("order_no", "account", "openid", "amount", "phone")},
        "kind": "bill",
        "status": "done",
        "member": member["id"] if member else None,
        "price": order["amount"],
        "at": minute(local(work.now)),
    }
    await work.connection.execute(insert(orders).values(row))
