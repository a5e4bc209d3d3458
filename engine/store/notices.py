"""What the company has to tell a customer: each once, at its time, whoever of many tells it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update

from engine.store.connection import Connection, insert_new
from engine.store.schema import notices

_IS_DUE = (
    notices.c.due <= bindparam("now", type_=notices.c.due.type),
    or_(
        notices.c.leased_until.is_(None),
        notices.c.leased_until <= bindparam("now", type_=notices.c.due.type),
        # Far longer than a lease, also by another machine's clock: it was set back since.
        notices.c.leased_until > bindparam("far", type_=notices.c.due.type),
    ),
    notices.c.account.in_(bindparam("accounts", expanding=True)),
)
_ANY = select(notices.c.id).where(*_IS_DUE).limit(1)
_WAITING = (
    select(notices.c.id)
    .where(*_IS_DUE)
    .order_by(notices.c.due, notices.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(notices)
    .where(notices.c.id.in_(_WAITING))
    .values(leased_until=bindparam("until"), attempts=notices.c.attempts + 1)
    .returning(notices)
)
_TOLD = delete(notices).where(notices.c.id == bindparam("row"))
_FAILED = (
    update(notices)
    .where(notices.c.id == bindparam("row"))
    .values(due=bindparam("retry_at"), leased_until=None)
)
_WITHDRAWN = delete(notices).where(
    notices.c.account == bindparam("account"),
    notices.c.openid == bindparam("openid"),
    notices.c.key == bindparam("key"),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that is due. ``attempts`` counts the tries to tell it, this one among them."""

    id: int
    account: str
    openid: str
    key: str
    name: str
    facts: Mapping[str, Any]
    attempts: int


async def put(
    connection: Connection,
    *,
    account: str,
    openid: str,
    key: str,
    name: str,
    facts: Mapping[str, Any],
    due: datetime,
) -> None:
    """Let a notice be told at `due` or soon after; one with the same key that waits stays."""
    row = {"account": account, "openid": openid, "key": key, "name": name, "facts": dict(facts)}
    await connection.execute(insert_new(connection, notices, {**row, "due": due, "attempts": 0}))


async def withdraw(connection: Connection, *, account: str, openid: str, key: str) -> None:
    """Take a notice back that has not been told yet."""
    await connection.execute(_WITHDRAWN, {"account": account, "openid": openid, "key": key})


async def is_any_due(
    connection: Connection, *, now: datetime, accounts: Collection[str], lease: timedelta
) -> bool:
    """Whether there is something to claim, asked without a lock."""
    given = {"now": now, "far": now + 2 * lease, "accounts": list(accounts)}
    return await connection.scalar(_ANY, given) is not None


async def claim(
    connection: Connection,
    *,
    now: datetime,
    accounts: Collection[str],
    lease: timedelta,
    limit: int = 20,
) -> list[Waiting]:
    """Take the notices of these accounts that are due, oldest first, for as long as `lease`.

    A taken one is nobody else's until it is `told` or has `failed`, or the lease is over.
    """
    given: dict[str, Any] = {"now": now, "until": now + lease, "far": now + 2 * lease}
    given |= {"accounts": list(accounts), "most": limit}
    rows = await connection.execute(_CLAIM, given)
    return [
        Waiting(row.id, row.account, row.openid, row.key, row.name, row.facts, row.attempts)
        for row in sorted(rows, key=lambda row: (row.due, row.id))
    ]


async def told(connection: Connection, id: int) -> None:
    """The notice has been told; its row goes."""
    await connection.execute(_TOLD, {"row": id})


async def failed(connection: Connection, id: int, *, retry_at: datetime | None) -> None:
    """The notice was not told: try at `retry_at`, or keep it and give up (None)."""
    await connection.execute(_FAILED, {"row": id, "retry_at": retry_at})
