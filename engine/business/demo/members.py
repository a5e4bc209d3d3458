"""The demo company's members, and which customer of a chat is which of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, select

from engine.business.demo import codes
from engine.business.demo.tables import bindings, members, subscriptions
from engine.business.provider import Business, Refused, Row, Work
from engine.store.connection import insert_new
from engine.store.direct import prepared

business = Business("members")

_BOUND = prepared(
    select(members)
    .join(bindings, bindings.c.member == members.c.id)
    .where(
        bindings.c.openid == bindparam("of_openid"),
        bindings.c.account.in_(("", bindparam("of_account"))),
    )
    .order_by(bindings.c.account.desc())
    .limit(1)
)


async def bound_member(work: Work) -> Row | None:
    """The member whom the customer of this chat is bound to: {id, name, phone, id_number}."""
    customer = {"of_openid": work.openid, "of_account": work.account}
    found = await work.connection.execute(_BOUND, customer)
    row = found.mappings().first()
    return dict(row) if row else None


@business.query
async def profile(work: Work) -> list[Row]:
    """The bound member: {name, phone, id_number}; no row for a customer who is not bound."""
    member = await bound_member(work)
    return [_shown(member)] if member else []


@business.query
async def registered(work: Work, *, phone: str) -> list[Row]:
    """Whether a phone is a member's: {phone}. Refused: no_such_member(phone)."""
    await _member_of(work, phone)
    return [{"phone": phone}]


@business.effect
async def send_code(work: Work, *, phone: str) -> Row:
    """Send a code to the phone of a member: {phone, minutes, wait}, see `codes.send`.

    Refused: no_such_member(phone), too_many_codes(phone).
    """
    await _member_of(work, phone)
    return await codes.send(work, phone)


@business.effect
async def bind(work: Work, *, phone: str, code: str) -> Row:
    """Bind this customer to the member whose phone got this code: {name, phone}.

    Refused: already_bound(name), no_such_member(phone), wrong_code(left), no_code.
    """
    member = await bound_member(work) or await _bound_now(work, phone, code)
    if member["phone"] != phone:
        raise Refused("already_bound", name=member["name"])
    return {"name": member["name"], "phone": member["phone"]}


async def _bound_now(work: Work, phone: str, code: str) -> Row:
    """The member that this customer is from now on: of two bindings at once, that of the first."""
    try:
        await codes.check(work, phone, code)
    except Refused:
        # The other one may have used the code up meanwhile.
        if (member := await bound_member(work)) is not None:
            return member
        raise
    member = await _member_of(work, phone)
    values = {"account": work.account, "openid": work.openid, "member": member["id"]}
    await work.connection.execute(insert_new(work.connection, bindings, values))
    return await bound_member(work) or member


@business.effect
async def unbind(work: Work) -> Row:
    """Undo the binding of this customer, who hears no more of the balance: {name}.

    Refused: not_bound.
    """
    member = await bound_member(work)
    if member is None:
        raise Refused("not_bound")
    await work.connection.execute(delete(bindings).where(_own(bindings, work)))
    watched = _own(subscriptions, work) & (subscriptions.c.kind == "balance")
    await work.connection.execute(delete(subscriptions).where(watched))
    return {"name": member["name"]}


@business.forget
async def forget(work: Work) -> None:
    """Delete the binding of this customer, as they have left."""
    await work.connection.execute(delete(bindings).where(_own(bindings, work)))
    await codes.forget(work)


def _own(table: Table, work: Work) -> ColumnElement[bool]:
    return (table.c.openid == work.openid) & table.c.account.in_(("", work.account))


async def _member_of(work: Work, phone: str) -> Row:
    found = await work.connection.execute(select(members).where(members.c.phone == phone))
    row = found.mappings().first()
    if row is None:
        raise Refused("no_such_member", phone=phone)
    return dict(row)


def _shown(member: Row) -> dict[str, Any]:
    return {key: member[key] for key in ("name", "phone", "id_number")}
