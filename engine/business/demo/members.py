"""The demo company's members, and which customer of a chat is which of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select

from engine.business.demo.tables import bindings, members
from engine.business.provider import Business, Refused, Row, Work

business = Business("members")


async def bound_member(work: Work) -> Row | None:
    """The member whom the customer of this chat is bound to: {id, name, phone, id_number}."""
    found = await work.connection.execute(
        select(members)
        .join(bindings, bindings.c.member == members.c.id)
        .where(bindings.c.openid == work.openid, bindings.c.account.in_(("", work.account)))
        .order_by(bindings.c.account.desc())
        .limit(1)
    )
    row = found.mappings().first()
    return dict(row) if row else None


@business.query
async def profile(work: Work) -> list[Row]:
    """The bound member: {name, phone, id_number}; no row for a customer who is not bound."""
    member = await bound_member(work)
    return [_shown(member)] if member else []


@business.effect
async def bind(work: Work, *, name: str, id_number: str) -> Row:
    """Bind this customer to the member with this name and ID number: {name, phone, id_number}.

    Refused: already_bound(name), no_such_member.
    """
    member = await bound_member(work)
    if member is None:
        member = await _member_named(work, name, id_number.upper())
        values = {"account": work.account, "openid": work.openid, "member": member["id"]}
        await work.connection.execute(insert(bindings).values(values))
    elif member["id_number"] != id_number.upper():
        raise Refused("already_bound", name=member["name"])
    return _shown(member)


@business.effect
async def unbind(work: Work) -> Row:
    """Undo the binding of this customer: {name}. Refused: not_bound."""
    member = await bound_member(work)
    if member is None:
        raise Refused("not_bound")
    await forget(work)
    return {"name": member["name"]}


@business.forget
async def forget(work: Work) -> None:
    """Delete the binding of this customer, as they have left."""
    mine = (bindings.c.openid == work.openid) & bindings.c.account.in_(("", work.account))
    await work.connection.execute(delete(bindings).where(mine))


async def _member_named(work: Work, name: str, id_number: str) -> Row:
    found = await work.connection.execute(
        select(members).where(members.c.name == name, members.c.id_number == id_number)
    )
    row = found.mappings().first()
    if row is None:
        raise Refused("no_such_member")
    return dict(row)


def _shown(member: Row) -> dict[str, Any]:
    return {key: member[key] for key in ("name", "phone", "id_number")}
