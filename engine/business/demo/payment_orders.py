"""Orders of payment: finding one, how it stands, and giving it its end."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from engine.business.demo.bill_tables import bills, payments
from engine.business.demo.bills import as_of_now
from engine.business.demo.clock import local, minute
from engine.business.provider import Row, Work

#: The notice with which a customer hears what became of a payment.
OUTCOME = "payments.outcome"


async def find(work: Work, condition: Any, *, hold: bool = False) -> Row | None:
    """The one order of a condition; `hold` keeps others from it until the transaction ends."""
    query = select(payments).where(condition)
    found = await work.connection.execute(query.with_for_update() if hold else query)
    row = found.mappings().first()
    return dict(row) if row else None


def status_of(work: Work, order: Row) -> str:
    """open, paid, closed, expired or changed, as of now."""
    is_late = order["status"] == "open" and order["expires"] <= minute(local(work.now))
    return "expired" if is_late else str(order["status"])


async def bills_of(work: Work, order: Row, *, hold: bool = False) -> list[Row]:
    """The bills of an order as of now, the oldest first."""
    query = (
        select(bills)
        .where(bills.c.bill_no.in_(list(order["owed"])))
        .order_by(bills.c.due, bills.c.bill_no)
    )
    found = await work.connection.execute(query.with_for_update() if hold else query)
    return [await as_of_now(work, dict(bill)) for bill in found.mappings()]


async def end(
    work: Work, order: Row, status: str, *, transaction: str | None = None, tell: bool = True
) -> None:
    """Give an order its last status, and let its customer know, who may have left the chat."""
    number, customer = order["order_no"], {key: order[key] for key in ("account", "openid")}
    await work.connection.execute(
        update(payments)
        .where(payments.c.order_no == number)
        .values(status=status, settled=minute(local(work.now)), transaction=transaction)
    )
    await work.withdraw(OUTCOME, key=f"{number}/late", **customer)
    if tell and order["openid"]:
        await work.notify(OUTCOME, {"order_no": number}, key=f"{number}/{status}", **customer)
