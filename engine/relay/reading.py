"""How far chats have been read, and how much has not."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay.messages import Direction
from engine.relay.schema import contacts, messages, reads


async def read(connection: AsyncConnection, *, account: str, terminal: int, message: int) -> bool:
    """A terminal has read a chat up to this message; False when it had read so far before."""
    row = insert(reads).values(account=account, terminal=terminal, message=message)
    further = row.on_conflict_do_update(
        index_elements=["account", "terminal"],
        set_={"message": message},
        where=reads.c.message < message,
    )
    return (await connection.execute(further)).rowcount == 1


async def unread(connection: AsyncConnection, *, account: str, terminal: int) -> int:
    """How many messages of an account a terminal has not read."""
    chat = (contacts.c.account == account) & (contacts.c.terminal == terminal)
    upto = select(reads.c.message).where(reads.c.account == account, reads.c.terminal == terminal)
    wanted = (
        select(func.count())
        .select_from(messages)
        .join(
            contacts,
            (contacts.c.account == messages.c.account)
            & (contacts.c.terminal == messages.c.terminal),
        )
    )
    wanted = wanted.where(
        chat,
        messages.c.direction == Direction.DOWN,
        messages.c.id > contacts.c.cleared,
        messages.c.id > func.coalesce(upto.scalar_subquery(), 0),
    )
    return int(await connection.scalar(wanted) or 0)
