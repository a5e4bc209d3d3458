"""Messages that have been answered, with the answer, for the platform's repeats.

Of a voice message, what was heard in it is kept as well.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.store.connection import Connection
from engine.store.direct import prepared
from engine.store.errors import AlreadyAnswered
from engine.store.schema import inbox

_ANSWER = prepared(select(inbox.c.answer).where(inbox.c.key == bindparam("key")))
_RECORD = prepared(insert(inbox))
_LATEST = (
    select(inbox.c.key, inbox.c.at)
    .where(inbox.c.account == bindparam("account"), inbox.c.openid == bindparam("openid"))
    .order_by(inbox.c.at.desc())
    .limit(20)
)
_TOLD = select(inbox.c.told).where(inbox.c.key == bindparam("key"))
_TELL = (
    update(inbox)
    .where(inbox.c.key == bindparam("message"), inbox.c.told.is_(None))
    .values(told=bindparam("told"))
)


async def answer_of(connection: Connection, key: str) -> bytes | None:
    """The answer that was given to a message; None when it has none yet."""
    answer: bytes | None = await connection.scalar(_ANSWER, {"key": key})
    return answer


async def latest(
    connection: Connection, *, account: str, openid: str
) -> list[tuple[str, datetime]]:
    """The keys of what a customer's newest turns took, and when, the newest first."""
    rows = await connection.execute(_LATEST, {"account": account, "openid": openid})
    return [(row.key, row.at) for row in rows]


async def tell(connection: Connection, key: str, told: bytes) -> bytes | None:
    """Keep with what a message is being answered; None: nothing was kept so far.

    What was kept before stays, and is given back: it is what every delivery is answered with. A
    message without an answer of its own may be answered in any way.
    """
    given = {"message": key, "told": told}
    if (await connection.execute(_TELL, given)).rowcount:
        return None
    kept: bytes | None = await connection.scalar(_TOLD, {"key": key})
    return kept


async def record(
    connection: Connection,
    *,
    key: str,
    account: str,
    openid: str,
    answer: bytes,
    now: datetime,
    heard: str | None = None,
    confidence: float | None = None,
) -> None:
    """Keep the answer to a message. Raises `AlreadyAnswered` when it has one.

    ``heard`` are the words of a voice message as the customer was shown them, ``confidence`` the
    chance (0 to 1) that they are right.
    """
    row = {"key": key, "account": account, "openid": openid, "answer": answer, "at": now}
    row |= {"heard": heard, "confidence": confidence}
    try:
        await connection.execute(_RECORD, row)
    except IntegrityError as error:
        raise AlreadyAnswered(key) from error
