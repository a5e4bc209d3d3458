"""Replies that leave later than the turn that made them, and survive a crash in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.store.schema import outbox

_PUT = insert(outbox)
_WAITING = (
    select(outbox.c.id)
    .where(
        outbox.c.due <= bindparam("now", type_=outbox.c.due.type),
        or_(
            outbox.c.leased_until.is_(None),
            outbox.c.leased_until <= bindparam("now", type_=outbox.c.due.type),
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
_FAILED = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(due=bindparam("retry_at"), leased_until=None, error=bindparam("error"))
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply on its way. ``attempts`` counts the tries with this one, also those that crashed."""

    id: int
    account: str
    openid: str
    reply: bytes
    attempts: int


async def put(
    connection: AsyncConnection, *, account: str, openid: str, reply: bytes, due: datetime
) -> None:
    """Let a reply leave at `due` or soon after."""
    row = {"account": account, "openid": openid, "reply": reply, "due": due, "attempts": 0}
    await connection.execute(_PUT, row)


async def claim(
    connection: AsyncConnection, *, now: datetime, lease: timedelta, limit: int = 20
) -> list[Outgoing]:
    """Take what is due, oldest first, for as long as `lease`.

    A taken reply is nobody else's until it is `sent` or has `failed`, or the lease is over: then
    its sender is taken for dead and the reply is due again.
    """
    rows = await connection.execute(_CLAIM, {"now": now, "until": now + lease, "most": limit})
    # The order of RETURNING is not defined.
    return [
        Outgoing(row.id, row.account, row.openid, row.reply, row.attempts)
        for row in sorted(rows, key=lambda row: (row.due, row.id))
    ]


async def sent(connection: AsyncConnection, id: int) -> None:
    """The reply has left; its row goes, for it holds what a customer was told."""
    await connection.execute(_SENT, {"row": id})


async def failed(
    connection: AsyncConnection, id: int, *, retry_at: datetime | None, error: str
) -> None:
    """The reply did not leave: try at `retry_at`, or keep it and give up (None)."""
    await connection.execute(_FAILED, {"row": id, "retry_at": retry_at, "error": error})
