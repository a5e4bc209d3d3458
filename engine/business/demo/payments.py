"""Payments: an order that the customer pays on a page.

An order is open until it is paid, closed by the customer, expired, or changed: what is owed is no
longer what was confirmed. Money comes only through `settling`, which pays an order once.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from engine.business.demo.bill_tables import payments as table
from engine.business.demo.bills import chosen_bills, wanted
from engine.business.demo.clock import local, minute
from engine.business.demo.money import fen, yuan
from engine.business.demo.payment_orders import OUTCOME, bills_of, end, find, status_of
from engine.business.demo.tables import limits
from engine.business.provider import Business, Refused, Row, Work

business = Business("payments")

#: Who is paid, as the page shows it.
PAYEE = "办理演示公司"


@business.effect
async def order(
    work: Work, *, phone: str, bill: str, amount: str, owed: str, holder: str | None = None
) -> Row:
    """Make an order to pay `amount` of what is owed, once for each idempotency key.

    {order_no, link, amount, expires, minutes}. `owed` is what was confirmed. Refused: as
    bills.check, changed(owed): it is no longer, and paying(order_no, amount): an order for one of
    these bills is open already.
    """
    made = await find(work, table.c.key == work.key) if work.key else None
    if made is None:
        made = await _make(work, phone, bill, amount, owed, holder)
    return await _told(work, made)


async def _make(
    work: Work, phone: str, bill: str, amount: str, owed: str, holder: str | None
) -> Row:
    chosen = await chosen_bills(work, phone, bill, holder)
    whole = sum(each["owed"] for each in chosen)
    if whole != fen(owed):
        raise Refused("changed", owed=yuan(whole))
    value = wanted(amount, whole)
    await _demand_no_other(work, {each["bill_no"] for each in chosen})
    return await _keep(work, phone, chosen, value)


async def _demand_no_other(work: Work, bills: set[str]) -> None:
    """This customer has no open order for one of the bills; others may have, and one will pay."""
    mine = select(table).where(
        table.c.account == work.account,
        table.c.openid == work.openid,
        table.c.status == "open",
        table.c.expires > minute(local(work.now)),
    )
    for other in (await work.connection.execute(mine)).mappings():
        if bills & other["owed"].keys():
            raise Refused("paying", order_no=other["order_no"], amount=yuan(other["amount"]))


async def _keep(work: Work, phone: str, chosen: list[Row], value: int) -> Row:
    now = local(work.now)
    span = timedelta(minutes=await _minutes(work))
    seed = work.key or f"{work.account}|{work.openid}|{now.isoformat()}"
    made: dict[str, Any] = {
        "order_no": f"{now:%Y%m%d}{int.from_bytes(_digest(seed, 8)) % 10**9:09}",
        # The key of a task is unguessable, and so is what is made of it.
        "token": _digest(f"pay|{seed}", 16).hex(),
        "status": "open",
        "account": work.account,
        "openid": work.openid,
        "phone": phone,
        "title": "、".join(dict.fromkeys(each["title"] for each in chosen)),
        "amount": value,
        "owed": {each["bill_no"]: each["owed"] for each in chosen},
        "made": minute(now),
        "expires": minute(now + span),
        "settled": "",
        "transaction": None,
        "key": work.key or None,
    }
    await work.connection.execute(insert(table).values(made))
    await work.notify(
        OUTCOME, {"order_no": made["order_no"]}, key=f"{made['order_no']}/late", at=work.now + span
    )
    return made


@business.query
async def standing(work: Work, *, order_no: str) -> list[Row]:
    """How an order of this customer stands: {order_no, status, amount, title, phone, link, expires,
    at, rest, owed}; `rest` is what is still owed of its bills, `owed` what was confirmed.

    Refused: unknown_order(order_no).
    """
    mine = (table.c.account == work.account) & (table.c.openid == work.openid)
    found = await find(work, (table.c.order_no == order_no) & mine)
    if found is None:
        raise Refused("unknown_order", order_no=order_no)
    rest = sum(each["owed"] for each in await bills_of(work, found))
    return [
        {
            "order_no": order_no,
            "status": status_of(work, found),
            "amount": yuan(found["amount"]),
            "title": found["title"],
            "phone": found["phone"],
            "link": f"/pay/{found['token']}",
            "expires": found["expires"],
            "at": found["settled"],
            "rest": yuan(rest),
            "owed": yuan(sum(found["owed"].values())),
        }
    ]


@business.query
async def page(work: Work, *, token: str) -> list[Row]:
    """What the page of an order shows to who has its link: {order_no, status, amount, title, payee,
    expires}. No row for an unknown token.
    """
    found = await find(work, table.c.token == token)
    if found is None:
        return []
    return [
        {
            "order_no": found["order_no"],
            "status": status_of(work, found),
            "amount": yuan(found["amount"]),
            "title": found["title"],
            "payee": PAYEE,
            "expires": found["expires"],
        }
    ]


@business.effect
async def close(work: Work, *, order_no: str) -> Row:
    """Close an order that is not paid, so that it cannot be any more: {order_no, status}.

    Refused: unknown_order(order_no), paid(order_no, amount).
    """
    mine = (table.c.account == work.account) & (table.c.openid == work.openid)
    found = await find(work, (table.c.order_no == order_no) & mine, hold=True)
    if found is None:
        raise Refused("unknown_order", order_no=order_no)
    if found["status"] == "paid":
        raise Refused("paid", order_no=order_no, amount=yuan(found["amount"]))
    status = status_of(work, found)
    await end(work, found, "closed" if status == "open" else status, tell=False)
    return {"order_no": order_no, "status": "closed"}


async def _told(work: Work, made: Row) -> Row:
    return {
        "order_no": made["order_no"],
        "link": f"/pay/{made['token']}",
        "amount": yuan(made["amount"]),
        "expires": made["expires"],
        "minutes": await _minutes(work),
    }


@business.forget
async def forget(work: Work) -> None:
    """A payment that was begun may still be finished, but nobody in a chat hears of it."""
    mine = (table.c.account == work.account) & (table.c.openid == work.openid)
    await work.connection.execute(update(table).where(mine).values(account="", openid=""))


async def _minutes(work: Work) -> int:
    name = limits.c.name == "payment_minutes"
    return int(await work.connection.scalar(select(limits.c.amount).where(name)) or 0)


def _digest(seed: str, size: int) -> bytes:
    return hashlib.blake2b(seed.encode(), digest_size=size).digest()
