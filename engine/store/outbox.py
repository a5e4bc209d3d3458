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
_STANDS_FOR = (
    (outbox.c.account == bindparam("of_account"))
    & (outbox.c.openid == bindparam("of_openid"))
    & (outbox.c.message == bindparam("of_message"))
)
_WITHDRAWN = delete(outbox).where(_STANDS_FOR)
_LEASED = update(outbox).where(_STANDS_FOR).values(leased_until=bindparam("until"))
_FAILED = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(due=bindparam("retry_at"), leased_until=None, error=bindparam("error"))
)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a reply comes from, where its sending depends on that.

    ``message`` is the message, by its key in the inbox, that it answers or stands in for, and
    ``uncertain_since`` when that was written, if the answer was told and may have been lost.
    ``is_part``: of a longer one, whose choices are noted already.
    """

    message: str = ""
    uncertain_since: datetime | None = None
    is_part: bool = False

    @property
    def is_promise(self) -> bool:
        """Whether it stands in for an answer that nobody has told so far."""
        return bool(self.message) and self.uncertain_since is None


PLAIN = Origin()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply on its way. ``attempts`` counts the tries with this one, also those that crashed.

    What tells a notice has its name and what it says. ``key`` is equal for all tries. ``template``
    is the platform's number of the message that told it, while its outcome is awaited.
    """

    id: int
    account: str
    openid: str
    reply: bytes
    attempts: int
    notice: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    origin: Origin = PLAIN
    template: str = ""
    leased_until: datetime | None = None

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
    origin: Origin = PLAIN,
) -> None:
    """Let a reply leave at `due` or soon after. It may tell a notice, of such a name and facts."""
    row = {"account": account, "openid": openid, "reply": reply, "due": due, "attempts": 0}
    told = {
        "notice": notice or None,
        "facts": dict(facts) if facts else None,
        "key": uuid4().hex,
        "message": origin.message or None,
        "uncertain_since": origin.uncertain_since,
        "is_part": origin.is_part,
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
    return Outgoing(
        row.id,
        row.account,
        row.openid,
        row.reply,
        row.attempts,
        row.notice or "",
        row.facts or {},
        row.key or str(row.id),
        Origin(row.message or "", row.uncertain_since, row.is_part),
        row.template or "",
        row.leased_until,
    )


async def by_template(
    connection: Connection, *, account: str, openid: str, template: str
) -> Outgoing | None:
    """The row of a customer that awaits the outcome of this template message, if there is one."""
    mine = (outbox.c.account == account) & (outbox.c.openid == openid)
    found = await connection.execute(select(outbox).where(mine, outbox.c.template == template))
    row = found.first()
    return None if row is None else read(row)


async def awaits(connection: Connection, id: int, *, template: str, until: datetime) -> None:
    """The reply has left, and its outcome is told later by this number; due if it never is."""
    waiting = {"template": template, "due": until, "leased_until": None}
    await connection.execute(update(outbox).where(outbox.c.id == id).values(waiting))


async def anew(connection: Connection, id: int, *, due: datetime | None, error: str) -> None:
    """The reply did not arrive: it is another one from now on, or given up (None)."""
    row = {"key": uuid4().hex, "template": None, "due": due, "leased_until": None, "error": error}
    await connection.execute(update(outbox).where(outbox.c.id == id).values(row))


async def sent(connection: Connection, id: int) -> None:
    """The reply has left; its row goes, for it holds what a customer was told."""
    await connection.execute(_SENT, {"row": id})


async def withdraw(connection: Connection, *, account: str, openid: str, message: str) -> None:
    """Take back what answers a message or stands in for its answer, and has not left."""
    given = {"of_account": account, "of_openid": openid, "of_message": message}
    await connection.execute(_WITHDRAWN, given)


async def lease(
    connection: Connection, *, account: str, openid: str, message: str, until: datetime
) -> None:
    """Say until when somebody is at work on the message that a row stands in for."""
    given = {"of_account": account, "of_openid": openid, "of_message": message, "until": until}
    await connection.execute(_LEASED, given)


async def become(connection: Connection, id: int, *, reply: bytes) -> None:
    """Put an answer in the place of what stood in for it."""
    row = {"reply": reply, "message": None, "uncertain_since": None}
    await connection.execute(update(outbox).where(outbox.c.id == id).values(row))


async def failed(connection: Connection, id: int, *, retry_at: datetime | None, error: str) -> None:
    """The reply did not leave: try at `retry_at`, or keep it and give up (None)."""
    await connection.execute(_FAILED, {"row": id, "retry_at": retry_at, "error": error})
