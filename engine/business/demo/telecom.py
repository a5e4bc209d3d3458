"""The operators: whose number it is, what is left on it, and topping it up."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from engine.business.demo.bills import written_for
from engine.business.demo.clock import day, local, minute
from engine.business.demo.members import bound_member
from engine.business.demo.money import fen, yuan
from engine.business.demo.tables import limits, orders, plans, prefixes, subscribers
from engine.business.demo.tables import offers as offered
from engine.business.provider import Business, Refused, Row, Work
from engine.store.connection import insert_new
from engine.store.direct import prepared

business = Business("telecom")

_OPERATOR = prepared(
    select(prefixes.c.operator)
    .where(prefixes.c.prefix.in_([bindparam("three"), bindparam("four")]))
    .order_by(func.length(prefixes.c.prefix).desc())
    .limit(1)
)
_LINE = prepared(
    select(subscribers, plans.c.data_mb, plans.c.minutes)
    .join(plans, plans.c.name == subscribers.c.plan)
    .where(subscribers.c.phone == bindparam("of_phone"))
)
_OFFERS = prepared(
    select(offered.c.amount, offered.c.price)
    .where(offered.c.operator == bindparam("of_operator"))
    .order_by(offered.c.amount)
)
_DAILY = prepared(select(limits.c.amount).where(limits.c.name == "daily"))
_TOPPED_UP = prepared(
    select(func.coalesce(func.sum(orders.c.amount), 0)).where(
        orders.c.phone == bindparam("of_phone"),
        orders.c.kind == "top_up",
        orders.c.status == "done",
        orders.c.at >= bindparam("since"),
    )
)


@business.query
async def subscriber(work: Work, *, phone: str) -> list[Row]:
    """Whose network a number is in: {phone, operator}. Refused: unknown_number(phone)."""
    return [{"phone": phone, "operator": await _operator(work, phone)}]


@business.query
async def balance(work: Work, *, phone: str, holder: str | None = None) -> list[Row]:
    """What is left on a number; anyone but its bound member must name the holder.

    {phone, operator, plan, balance, owed, data_total_gb, data_left_gb, minutes_total,
    minutes_left, as_of}; `owed` is the sum of the open bills.
    Refused: unknown_number(phone), holder_needed(phone), holder_mismatch(phone).
    """
    operator = await _operator(work, phone)
    line = await _line(work, phone)
    if line is None:
        raise Refused("unknown_number", phone=phone)
    member = await bound_member(work)
    if member is None or member["phone"] != phone:
        if not holder:
            raise Refused("holder_needed", phone=phone)
        if holder.strip() != line["holder"]:
            raise Refused("holder_mismatch", phone=phone)
    return [
        {
            "phone": phone,
            "operator": operator,
            "plan": line["plan"],
            "balance": yuan(line["balance"]),
            "owed": yuan(sum(bill["owed"] for bill in await written_for(work, phone, holder))),
            "data_total_gb": _gigabytes(line["data_mb"]),
            "data_left_gb": _gigabytes(line["data_left_mb"]),
            "minutes_total": line["minutes"],
            "minutes_left": line["minutes_left"],
            "as_of": minute(local(work.now)),
        }
    ]


@business.query
async def offers(work: Work, *, phone: str) -> list[Row]:
    """What this number may be topped up with: {amount, price}. Refused: unknown_number."""
    priced = await _offers(work, await _operator(work, phone))
    return [{"amount": yuan(amount), "price": yuan(price)} for amount, price in priced.items()]


@business.query
async def check_top_up(work: Work, *, phone: str, amount: str) -> list[Row]:
    """The price of a top-up that would go through: {amount, price, operator}.

    Refused: unknown_number(phone), not_offered(amount, near), over_daily_limit(limit, left).
    """
    value, price, operator = await _checked(work, phone, amount)
    return [{"amount": yuan(value), "price": yuan(price), "operator": operator}]


@business.effect
async def top_up(work: Work, *, phone: str, amount: str) -> Row:
    """Put `amount` yuan on a number, once for each idempotency key.

    {order_no, phone, operator, amount, price, balance_before, balance_after, at}.
    Refused: as check_top_up, which is checked again.
    """
    operator = await _operator(work, phone)
    before = await _locked_balance(work, phone)
    order = await _order_of(work)
    if order is None:
        value, price, _ = await _checked(work, phone, amount)
        order = await _charge(work, phone, value, price, before)
    return _receipt(order, operator)


async def _operator(work: Work, phone: str) -> str:
    known = phone if phone.isdigit() and len(phone) == 11 else ""
    begins = {"three": known[:3], "four": known[:4]}
    found = await work.connection.scalar(_OPERATOR, begins)
    if found is None:
        raise Refused("unknown_number", phone=phone)
    return str(found)


async def _line(work: Work, phone: str) -> Row | None:
    found = await work.connection.execute(_LINE, {"of_phone": phone})
    row = found.mappings().first()
    return dict(row) if row else None


async def _offers(work: Work, operator: str) -> dict[int, int]:
    found = await work.connection.execute(_OFFERS, {"of_operator": operator})
    return {amount: price for amount, price in found}


async def _checked(work: Work, phone: str, amount: str) -> tuple[int, int, str]:
    operator = await _operator(work, phone)
    priced = await _offers(work, operator)
    try:
        value = fen(amount)
    except ValueError:
        value = 0
    if value not in priced:
        raise Refused("not_offered", amount=amount, near=_near(value, list(priced)))
    limit = await work.connection.scalar(_DAILY)
    left = max(int(limit or 0) - await _topped_up_today(work, phone), 0)
    if value > left:
        raise Refused("over_daily_limit", limit=yuan(int(limit or 0)), left=yuan(left))
    return value, priced[value], operator


async def _topped_up_today(work: Work, phone: str) -> int:
    given = {"of_phone": phone, "since": day(work.now).isoformat()}
    return int(await work.connection.scalar(_TOPPED_UP, given) or 0)


def _near(value: int, amounts: list[int]) -> list[str]:
    """The offered amounts on both sides of a value."""
    below = [amount for amount in amounts if amount < value][-1:]
    above = [amount for amount in amounts if amount > value][:1]
    return [yuan(amount) for amount in below + above]


async def _locked_balance(work: Work, phone: str) -> int:
    """The balance in fen, held until the transaction ends; an unseen number starts with nothing."""
    blank = {"phone": phone, "balance": 0, "data_left_mb": 0, "minutes_left": 0}
    await work.connection.execute(insert_new(work.connection, subscribers, blank))
    held = select(subscribers.c.balance).where(subscribers.c.phone == phone).with_for_update()
    return int(await work.connection.scalar(held) or 0)


async def _order_of(work: Work) -> Row | None:
    if not work.key:
        return None
    found = await work.connection.execute(select(orders).where(orders.c.key == work.key))
    row = found.mappings().first()
    return dict(row) if row else None


async def _charge(work: Work, phone: str, value: int, price: int, before: int) -> Row:
    now = local(work.now)
    member = await bound_member(work)
    order: dict[str, Any] = {
        "order_no": _order_no(f"{now:%Y%m%d}", work),
        "kind": "top_up",
        "status": "done",
        "account": work.account,
        "openid": work.openid,
        "member": member["id"] if member else None,
        "amount": value,
        "price": price,
        "at": minute(now),
        "phone": phone,
        "balance_before": before,
        "key": work.key or None,
    }
    await work.connection.execute(insert(orders).values(order))
    await work.connection.execute(
        update(subscribers)
        .where(subscribers.c.phone == phone)
        .values(balance=subscribers.c.balance + value)
    )
    return order


def _order_no(date: str, work: Work) -> str:
    """Seventeen digits: the day, and nine that come from the idempotency key."""
    seed = work.key or f"{work.account}|{work.openid}|{work.now.isoformat()}"
    digest = hashlib.blake2b(seed.encode(), digest_size=8).digest()
    return f"{date}{int.from_bytes(digest) % 10**9:09}"


def _receipt(order: Row, operator: str) -> Row:
    return {
        "order_no": order["order_no"],
        "phone": order["phone"],
        "operator": operator,
        "amount": yuan(order["amount"]),
        "price": yuan(order["price"]),
        "balance_before": yuan(order["balance_before"]),
        "balance_after": yuan(order["balance_before"] + order["amount"]),
        "at": order["at"],
    }


def _gigabytes(megabytes: int) -> str:
    return f"{megabytes / 1024:.1f}".removesuffix(".0")
