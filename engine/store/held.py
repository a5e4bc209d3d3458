"""Replies in the outbox that can only leave with the answer to the customer's next message."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import and_, bindparam, delete, select, update

from engine.store import outbox as rows
from engine.store.connection import Connection
from engine.store.direct import prepared
from engine.store.errors import Conflict
from engine.store.outbox import Outgoing
from engine.store.schema import inbox, outbox

#: A due time that no sender reaches: `outbox.put` or `outbox.failed` with it holds a reply.
HELD = datetime(3000, 1, 1, tzinfo=UTC)

_OF = select(outbox).where(
    outbox.c.account == bindparam("account"),
    outbox.c.openid == bindparam("openid"),
    outbox.c.due == HELD,
)
_BESIDE = prepared(
    select(inbox.c.told, outbox)
    .outerjoin(
        outbox,
        and_(
            outbox.c.account == inbox.c.account,
            outbox.c.openid == inbox.c.openid,
            outbox.c.due == HELD,
        ),
    )
    .where(inbox.c.key == bindparam("message"))
    .order_by(outbox.c.id)
)
_MARK = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        reply=rows.MARK,
        due=HELD,
        leased_until=None,
        error=bindparam("error"),
        notice=None,
        facts=None,
    )
)
_TAKEN = delete(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True)))


async def of(connection: Connection, *, account: str, openid: str) -> list[Outgoing]:
    """What waits for this customer, oldest first."""
    found = await connection.execute(
        _OF.order_by(outbox.c.id), {"account": account, "openid": openid}
    )
    return [rows.read(row) for row in found]


async def beside(
    connection: Connection, key: str, *, account: str, openid: str
) -> tuple[bytes | None, list[Outgoing]]:
    """With what a message was answered (`inbox.tell`), if it was, and what waits for its customer.

    Both in one look: every turn asks.
    """
    found = (await connection.execute(_BESIDE, {"message": key})).all()
    if not found:
        return None, await of(connection, account=account, openid=openid)
    return found[0].told, [rows.read(row) for row in found if row.id is not None]


async def taken(connection: Connection, ids: Collection[int]) -> None:
    """These have been told; their rows go. Raises `Conflict` when some are gone already."""
    if not ids:
        return
    done = await connection.execute(_TAKEN, {"ids": list(ids)})
    if done.rowcount != len(ids):
        raise Conflict("what waited for a customer has been told by another answer")


async def mark(connection: Connection, id: int, *, error: str) -> None:
    """Hold an empty reply in the place of one whose customer is no follower.

    Until they write again, it tells that nothing reaches them. A row that is gone stays gone: its
    customer has been forgotten.
    """
    await connection.execute(_MARK, {"row": id, "error": error})
