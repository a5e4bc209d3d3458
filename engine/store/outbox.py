"""Replies that leave later than the turn that made them, and survive a crash in between."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, bindparam, delete, insert, or_, select, update

from engine.store.connection import Connection
from engine.store.schema import outbox

#: Replies that are none.
MARK = b"[]"

_PUT = insert(outbox)
_WAITING = (
    select(outbox.c.id)
    .where(
        outbox.c.account.in_(bindparam("accounts", expanding=True)),
        outbox.c.due <= bindparam("now", type_=outbox.c.due.type),
        or_(
            outbox.c.leased_until.is_(None),
            outbox.c.leased_until <= bindparam("now", type_=outbox.c.due.type),
            # Far longer than a lease, also by another machine's clock: it was set back since.
            outbox.c.leased_until > bindparam("far", type_=outbox.c.due.type),
        ),
    )
    .order_by(outbox.c.due, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(_WAITING))
    .values(leased_until=bindparam("until"), attempts=outbox.c.attempts + 1)
    .returning(outbox)
)
_SENT = delete(outbox).where(outbox.c.id == bindparam("row"))
_WITHDRAWN = delete(outbox).where(
    outbox.c.account == bindparam("of_account"),
    outbox.c.openid == bindparam("of_openid"),
    outbox.c.key == bindparam("of_key"),
)
_FAILED = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(due=bindparam("retry_at"), leased_until=None, error=bindparam("error"))
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply on its way. ``attempts`` counts the tries with this one, also those that crashed.

    What tells a notice has its name and what it says. ``key`` is equal for all tries.
    """

    id: int
    account: str
    openid: str
    reply: bytes
    attempts: int
    notice: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""

    @property
    def is_mark(self) -> bool:
        """Whether it only says that nothing reaches this customer (`held.mark`)."""
        return self.reply == MARK


async def put(
    connection: Connection,
    *,
    account: str,
    openid: str,
    reply: bytes,
    due: datetime,
    notice: str = "",
    facts: Mapping[str, Any] | None = None,
    key: str = "",
) -> None:
    """Let a reply leave at `due` or soon after. It may tell a notice, of such a name and facts.

    With a ``key`` of its own it can be taken back.
    """
    row = {"account": account, "openid": openid, "reply": reply, "due": due, "attempts": 0}
    told = {
        "notice": notice or None,
        "facts": dict(facts) if facts else None,
        "key": key or uuid4().hex,
    }
    await connection.execute(_PUT, {**row, **told})


async def claim(
    connection: Connection,
    *,
    now: datetime,
    accounts: Collection[str],
    lease: timedelta,
    limit: int = 20,
) -> list[Outgoing]:
    """Take what is due of these accounts, oldest first, for as long as `lease`.

    A taken reply is nobody else's until it is `sent` or has `failed`, or the lease is over: then
    its sender is taken for dead and the reply is due again.
    """
    given: dict[str, Any] = {"now": now, "until": now + lease, "far": now + 2 * lease}
    given |= {"accounts": list(accounts), "most": limit}
    rows = await connection.execute(_CLAIM, given)
    # The order of RETURNING is not defined.
    return [read(row) for row in sorted(rows, key=lambda row: (row.due, row.id))]


def read(row: Row[Any]) -> Outgoing:
    """A row of the table."""
    told = (row.notice or "", row.facts or {}, row.key or str(row.id))
    return Outgoing(row.id, row.account, row.openid, row.reply, row.attempts, *told)


async def by_key(connection: Connection, *, account: str, openid: str, key: str) -> Outgoing | None:
    """The row of a customer with this key, if there is one."""
    mine = (outbox.c.account == account) & (outbox.c.openid == openid)
    found = await connection.execute(select(outbox).where(mine, outbox.c.key == key))
    row = found.first()
    return None if row is None else read(row)


async def awaits(connection: Connection, id: int, *, key: str, until: datetime) -> None:
    """The reply has left, and its outcome is told later under this key; due if it never is."""
    waiting = {"key": key, "due": until, "leased_until": None}
    await connection.execute(update(outbox).where(outbox.c.id == id).values(waiting))


async def anew(connection: Connection, id: int, *, due: datetime | None, error: str) -> None:
    """The reply did not arrive: it is another one from now on, or given up (None)."""
    row = {"key": uuid4().hex, "due": due, "leased_until": None, "error": error}
    await connection.execute(update(outbox).where(outbox.c.id == id).values(row))


async def sent(connection: Connection, id: int) -> None:
    """The reply has left; its row goes, for it holds what a customer was told."""
    await connection.execute(_SENT, {"row": id})


async def withdraw(connection: Connection, *, account: str, openid: str, key: str) -> None:
    """Take back what was put for a customer with this key and has not left."""
    given = {"of_account": account, "of_openid": openid, "of_key": key}
    await connection.execute(_WITHDRAWN, given)


async def failed(connection: Connection, id: int, *, retry_at: datetime | None, error: str) -> None:
    """The reply did not leave: try at `retry_at`, or keep it and give up (None)."""
    await connection.execute(_FAILED, {"row": id, "retry_at": retry_at, "error": error})
