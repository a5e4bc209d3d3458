"""What customers owe: which bills are open, with their late fees, and what may be paid of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update

from engine.business.demo.bill_tables import bills as table
from engine.business.demo.clock import day
from engine.business.demo.members import bound_member
from engine.business.demo.money import fen, yuan
from engine.business.demo.tables import limits, subscribers
from engine.business.provider import Business, Refused, Row, Work

business = Business("bills")

#: In place of one bill: all that are open.
ALL = "all"
#: In place of an amount: all that is owed.
WHOLE = "all"
#: What customers call by one name.
_ALIKE = {"mobile": ("mobile", "arrears")}
_SHOWN = ("kind", "title", "period", "order_no", "due")


@business.query
async def account(work: Work, *, phone: str) -> list[Row]:
    """A number that bills may be written for: {phone}. Refused: unknown_number(phone)."""
    of_bill = select(table.c.phone).where(table.c.phone == phone)
    of_line = select(subscribers.c.phone).where(subscribers.c.phone == phone)
    if await work.connection.scalar(of_bill.union(of_line)) is None:
        raise Refused("unknown_number", phone=phone)
    return [{"phone": phone}]


@business.query
async def owed(
    work: Work, *, phone: str, holder: str | None = None, kind: str | None = None
) -> list[Row]:
    """The open bills of a number, the oldest first; anyone but its member must name the holder.

    A ``kind`` that was named must be among them: nobody pays another bill in its place.

    {bill, kind, title, period, order_no, due, overdue_days, owed, late_fee, count}; after several,
    one with the bill `all` for their sum. Refused: holder_needed(phone), holder_mismatch(phone),
    nothing_owed(phone, paid, paid_on): the last payment, or None; none_of_kind(kind, titles).
    """
    found = await written_for(work, phone, holder)
    open_bills = [bill for bill in found if bill["owed"] > 0]
    if not open_bills:
        raise Refused("nothing_owed", phone=phone, **_last_paid(found))
    if kind and not any(bill["kind"] in _ALIKE.get(kind, (kind,)) for bill in open_bills):
        titles = [bill["title"] for bill in open_bills]
        raise Refused("none_of_kind", kind=kind, titles=titles)
    rows: list[Row] = [_row(bill, day(work.now)) for bill in open_bills]
    return rows if len(rows) == 1 else [*rows, _together(rows, open_bills)]


@business.query
async def check(
    work: Work, *, phone: str, bill: str, amount: str, holder: str | None = None
) -> list[Row]:
    """What may be paid of a bill now: {amount, owed, rest, is_all}; `all` is all that is owed.

    Refused: as owed, and too_much(owed), not_positive(owed), no_amount(owed).
    """
    chosen = await chosen_bills(work, phone, bill, holder)
    whole = sum(each["owed"] for each in chosen)
    value = wanted(amount, whole)
    return [
        {
            "amount": yuan(value),
            "owed": yuan(whole),
            "rest": yuan(whole - value),
            "is_all": value == whole,
        }
    ]


@business.event
async def revise(work: Work, *, bill_no: str, amount: str) -> None:
    """The company corrects a bill: `amount` yuan without late fee. Refused: no_such_bill."""
    found = table.c.bill_no == bill_no
    if (
        await work.connection.execute(update(table).where(found).values(amount=fen(amount)))
    ).rowcount == 0:
        raise Refused("no_such_bill", bill_no=bill_no)


async def chosen_bills(work: Work, phone: str, bill: str, holder: str | None) -> list[Row]:
    """The open bills that are meant, with what is owed in fen. Refused: as `owed`."""
    found = await written_for(work, phone, holder)
    chosen = [each for each in found if bill in (ALL, each["bill_no"]) and each["owed"] > 0]
    if not chosen:
        raise Refused("nothing_owed", phone=phone, **_last_paid(found))
    return chosen


async def written_for(work: Work, phone: str, holder: str | None) -> list[Row]:
    """Every bill of a number, paid ones too, with `fee` and `owed` as of now in fen."""
    found = (
        await work.connection.execute(
            select(table).where(table.c.phone == phone).order_by(table.c.due, table.c.bill_no)
        )
    ).mappings()
    rows = [await as_of_now(work, dict(bill)) for bill in found]
    await _demand_holder(work, phone, holder, rows)
    return rows


async def as_of_now(work: Work, bill: Row) -> Row:
    """A bill with its late fee, and with `owed`, both in fen as of the day of the work."""
    permille = int(
        await work.connection.scalar(
            select(limits.c.amount).where(limits.c.name == "late_fee_permille")
        )
        or 0
    )
    days = max((day(work.now) - date.fromisoformat(bill["fee_from"])).days, 0)
    unpaid = max(int(bill["amount"]) - int(bill["paid"]), 0)
    fee = int(bill["fee"]) + unpaid * permille * days // 1000
    return {**bill, "fee": fee, "owed": int(bill["amount"]) + fee - int(bill["paid"])}


def wanted(amount: str, whole: int) -> int:
    """The fen that are meant by an amount, of what is owed. Refused: as `check`."""
    if amount == WHOLE:
        return whole
    try:
        value = fen(amount)
    except ValueError:
        raise Refused("no_amount", owed=yuan(whole)) from None
    if value <= 0:
        raise Refused("not_positive", owed=yuan(whole))
    if value > whole:
        raise Refused("too_much", owed=yuan(whole))
    return value


async def _demand_holder(work: Work, phone: str, holder: str | None, rows: Sequence[Row]) -> None:
    member = await bound_member(work)
    if member is not None and member["phone"] == phone:
        return
    if not holder:
        raise Refused("holder_needed", phone=phone)
    line = select(subscribers.c.holder).where(subscribers.c.phone == phone)
    names = {await work.connection.scalar(line), *(row["holder"] for row in rows)}
    if holder.strip() not in names:
        raise Refused("holder_mismatch", phone=phone)


def _row(bill: Row, today: date) -> dict[str, Any]:
    overdue = (today - date.fromisoformat(bill["due"])).days
    return {
        "bill": bill["bill_no"],
        **{key: bill[key] for key in _SHOWN},
        "overdue_days": max(overdue, 0),
        "owed": yuan(bill["owed"]),
        "late_fee": yuan(bill["fee"]),
        "count": 1,
    }


def _together(rows: Sequence[Row], bills: Sequence[Row]) -> dict[str, Any]:
    return {
        "bill": ALL,
        "kind": ALL,
        "title": "",
        "period": "",
        "order_no": "",
        "due": rows[0]["due"],
        "overdue_days": max(row["overdue_days"] for row in rows),
        "owed": yuan(sum(bill["owed"] for bill in bills)),
        "late_fee": yuan(sum(bill["fee"] for bill in bills)),
        "count": len(rows),
    }


def _last_paid(bills: Sequence[Row]) -> dict[str, Any]:
    paid = [bill for bill in bills if bill["paid_on"]]
    if not paid:
        return {"paid": None, "paid_on": None}
    last = max(paid, key=lambda bill: bill["paid_on"])
    return {"paid": yuan(last["paid"]), "paid_on": last["paid_on"]}
