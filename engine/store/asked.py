"""Messages of other programs by their own ids, each asked once and answered once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.store.connection import Connection
from engine.store.schema import api_messages
from engine.store.store import Store

_ONE = (api_messages.c.account == bindparam("of")) & (api_messages.c.id == bindparam("named"))
_OF = select(api_messages).where(_ONE)
_ANSWER = update(api_messages).where(_ONE, api_messages.c.answer.is_(None))


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked under an id, as a digest, and the answer; None while it is in work."""

    openid: str
    digest: str
    answer: bytes | None


async def get(connection: Connection, *, account: str, id: str) -> Asked | None:
    """What was asked under an id; None when nothing was."""
    row = (await connection.execute(_OF, {"of": account, "named": id})).first()
    return None if row is None else Asked(row.openid, row.digest, row.answer)


async def ask(
    store: Store, *, account: str, id: str, openid: str, digest: str, now: datetime
) -> Asked:
    """Note that something is asked, and tell what has been asked under its id."""
    row = {"account": account, "id": id, "openid": openid, "digest": digest, "at": now}
    async with store.reading() as connection:
        found = await get(connection, account=account, id=id)
    if found is not None:
        return found
    try:
        async with store.writing() as connection:
            await connection.execute(insert(api_messages), row)
    except IntegrityError:
        # Another process was asked the same between the two looks.
        async with store.reading() as connection:
            found = await get(connection, account=account, id=id)
    return found or Asked(openid, digest, None)


async def answer(connection: Connection, *, account: str, id: str, answer: bytes) -> bool:
    """Keep the answer, and tell whether there was none before."""
    done = await connection.execute(_ANSWER.values(answer=answer), {"of": account, "named": id})
    return done.rowcount == 1
