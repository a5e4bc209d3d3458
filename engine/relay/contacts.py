"""Contacts: which terminal follows which account, and by which openid the account knows it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay.schema import contacts, messages
from engine.relay.terminals import Terminal


@dataclass(frozen=True, slots=True)
class Contact:
    """One terminal and one account. Messages up to `cleared` are of an earlier following."""

    account: str
    terminal: int
    openid: str
    followed: bool
    since: int
    cleared: int


def openid_of(terminal: Terminal, *, account_id: str, key: bytes) -> str:
    """The terminal's openid within an account: fixed, or 28 characters that stay the same."""
    if terminal.openid:
        return terminal.openid
    told = f"{account_id} {terminal.id}".encode()
    digest = hmac.new(key, told, hashlib.sha256).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27]


async def follow(
    connection: AsyncConnection, *, account: str, terminal: int, openid: str, now: int
) -> bool:
    """Follow an account; False when the terminal follows it already."""
    row = insert(contacts).values(
        account=account, terminal=terminal, openid=openid, followed=True, since=now, cleared=0
    )
    again = row.on_conflict_do_update(
        index_elements=["account", "terminal"],
        set_={"followed": True, "since": now},
        where=contacts.c.followed.is_(False),
    )
    return (await connection.execute(again)).rowcount == 1


async def unfollow(connection: AsyncConnection, *, account: str, terminal: int) -> Contact | None:
    """Stop following; the chat up to now is not shown again. None when it was not followed."""
    newest = select(func.coalesce(func.max(messages.c.id), 0)).scalar_subquery()
    done = await connection.execute(
        update(contacts)
        .where(contacts.c.account == account, contacts.c.terminal == terminal, contacts.c.followed)
        .values(followed=False, cleared=newest)
        .returning(contacts)
    )
    return _contact(done.one_or_none())


async def of_terminal(connection: AsyncConnection, terminal: int) -> list[Contact]:
    """What a terminal follows, in the order of following."""
    wanted = select(contacts).where(contacts.c.terminal == terminal, contacts.c.followed)
    rows = await connection.execute(wanted.order_by(contacts.c.since))
    return [Contact(**row._mapping) for row in rows]


async def followers(connection: AsyncConnection, account: str) -> list[Contact]:
    """Who follows an account, in the order of following."""
    wanted = select(contacts).where(contacts.c.account == account, contacts.c.followed)
    rows = await connection.execute(wanted.order_by(contacts.c.since, contacts.c.terminal))
    return [Contact(**row._mapping) for row in rows]


async def find(
    connection: AsyncConnection, *, account: str, terminal: int = 0, openid: str = ""
) -> Contact | None:
    """The contact of an account with a terminal, or with an openid; followed or not."""
    who = contacts.c.terminal == terminal if terminal else contacts.c.openid == openid
    rows = await connection.execute(select(contacts).where(contacts.c.account == account, who))
    return _contact(rows.one_or_none())


def _contact(row: Row[tuple[object, ...]] | None) -> Contact | None:
    return None if row is None else Contact(**row._mapping)
