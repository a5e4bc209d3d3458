"""Replies in the store's outbox: how they are written there and read again.

What a turn says on the company's account leaves this way, and what a channel could not say in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, select

from engine.message import Reply
from engine.store import Connection, Store, outbox, schema
from engine.store.outbox import PLAIN, Origin, Outgoing

_Kept = Reply | tuple[Reply, ...]
_decoder: msgspec.json.Decoder[_Kept] = msgspec.json.Decoder(_Kept)


async def put(
    connection: Connection,
    replies: Sequence[Reply],
    *,
    account: str,
    openid: str,
    due: datetime,
    notice: str = "",
    facts: Mapping[str, Any] | None = None,
    origin: Origin = PLAIN,
) -> None:
    """Keep replies together as one row; none at all keep nothing.

    Replies that tell a notice are kept with its name and facts: a channel may have another form
    for it.
    """
    if replies:
        data = msgspec.json.encode(tuple(replies))
        await outbox.put(
            connection,
            account=account,
            openid=openid,
            reply=data,
            due=due,
            notice=notice,
            facts=facts,
            origin=origin,
        )


async def taken(store: Store, *, account: str, openid: str) -> tuple[Reply, ...]:
    """Take all that waits for a customer, where there is no channel that would send it."""
    mine = (schema.outbox.c.account == account) & (schema.outbox.c.openid == openid)
    waiting = select(schema.outbox).where(mine).order_by(schema.outbox.c.id)
    async with store.writing() as connection:
        rows = list(await connection.execute(waiting))
        await connection.execute(delete(schema.outbox).where(mine))
    return read(row.reply for row in rows)


def replies(rows: Iterable[Outgoing]) -> tuple[Reply, ...]:
    """The replies of rows, in order. A row holds one reply or several."""
    return read(row.reply for row in rows)


def read(kept: Iterable[bytes]) -> tuple[Reply, ...]:
    """The replies of what `put` has kept, in order."""
    decoded = (_decoder.decode(data) for data in kept)
    return tuple(reply for one in decoded for reply in ((one,) if isinstance(one, Reply) else one))
