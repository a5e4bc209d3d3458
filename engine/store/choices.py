"""The choices that a customer without buttons was shown last: a number stands for one of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.store.connection import Connection
from engine.store.schema import choices
from engine.store.store import Store

_OF = (choices.c.account == bindparam("of")) & (choices.c.openid == bindparam("whose"))
_SHOWN = select(choices.c.buttons).where(_OF)


async def get(connection: Connection, *, account: str, openid: str) -> bytes | None:
    """What was shown last; None when nothing was."""
    found: bytes | None = await connection.scalar(_SHOWN, {"of": account, "whose": openid})
    return found


async def put(store: Store, *, account: str, openid: str, buttons: bytes, now: datetime) -> None:
    """Keep what is shown, in place of what was."""
    row = {"account": account, "openid": openid, "buttons": buttons, "at": now}
    change = update(choices).where(_OF).values(buttons=buttons, at=now)
    for _ in range(2):
        try:
            async with store.writing() as connection:
                done = await connection.execute(change, {"of": account, "whose": openid})
                if not done.rowcount:
                    await connection.execute(insert(choices), row)
            return
        except IntegrityError:
            # Another process kept the first one between the two statements.
            continue
