"""Where each customer's conversation stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from engine.store.connection import Connection
from engine.store.direct import prepared
from engine.store.errors import Conflict
from engine.store.schema import inbox, sessions

_OWNER = (
    sessions.c.account == bindparam("of_account"),
    sessions.c.openid == bindparam("of_openid"),
)
_LOAD = prepared(select(sessions.c.state, sessions.c.version).where(*_OWNER))
_GIVEN = select(literal(1)).subquery()
_OPEN = prepared(
    select(
        sessions.c.state,
        sessions.c.version,
        select(inbox.c.answer).where(inbox.c.key == bindparam("message")).scalar_subquery(),
    )
    .select_from(_GIVEN)
    .outerjoin(sessions, and_(*_OWNER))
)
_CREATE = prepared(insert(sessions))
_REPLACE = prepared(
    update(sessions)
    .where(*_OWNER, sessions.c.version == bindparam("loaded"))
    .values(
        state=bindparam("state"),
        version=bindparam("version"),
        at=bindparam("at"),
        due=bindparam("due"),
    )
)
_DUE = (
    select(sessions.c.account, sessions.c.openid, sessions.c.version)
    .where(
        sessions.c.due <= bindparam("now", type_=sessions.c.due.type),
        sessions.c.account.in_(bindparam("accounts", expanding=True)),
    )
    .order_by(sessions.c.due)
    .limit(bindparam("most"))
)
_POSTPONE = (
    update(sessions)
    .where(*_OWNER, sessions.c.version == bindparam("found"))
    .values(due=bindparam("until"))
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A session as bytes. ``version`` counts its saves; a customer without one is ``(None, 0)``."""

    state: bytes | None
    version: int


@dataclass(frozen=True, slots=True)
class Due:
    """A session whose time has come. ``version`` is the one that was found."""

    account: str
    openid: str
    version: int


async def load(connection: Connection, *, account: str, openid: str) -> Stored:
    """The session of a customer, with the version to give back to `save`."""
    owner = {"of_account": account, "of_openid": openid}
    row = (await connection.execute(_LOAD, owner)).one_or_none()
    return Stored(None, 0) if row is None else Stored(row.state, row.version)


async def open_for(
    connection: Connection, message: str, *, account: str, openid: str
) -> tuple[Stored, bytes | None]:
    """As `load`, and the answer that a message of the customer has already, in one look."""
    given = {"of_account": account, "of_openid": openid, "message": message}
    state, version, answer = (await connection.execute(_OPEN, given)).one()
    return Stored(state, version or 0), answer


async def save(
    connection: Connection,
    *,
    account: str,
    openid: str,
    state: bytes,
    version: int,
    now: datetime,
    due: datetime | None = None,
) -> None:
    """Replace the session loaded at `version`. Raises `Conflict` when it has moved since.

    ``due`` is when it has to go on by itself.
    """
    values = {"state": state, "version": version + 1, "at": now, "due": due}
    if version == 0:
        try:
            await connection.execute(_CREATE, {"account": account, "openid": openid, **values})
        except IntegrityError as error:
            raise Conflict("the customer has a session by now") from error
        return
    owner = {"of_account": account, "of_openid": openid, "loaded": version}
    if (await connection.execute(_REPLACE, {**owner, **values})).rowcount == 0:
        raise Conflict(f"the session is no longer at version {version}")


async def due(
    connection: Connection, *, now: datetime, accounts: Collection[str], limit: int = 20
) -> list[Due]:
    """The sessions of these accounts that have to go on by themselves, longest due first."""
    given = {"now": now, "accounts": list(accounts), "most": limit}
    return [Due(*row) for row in await connection.execute(_DUE, given)]


async def postpone(connection: Connection, found: Due, *, until: datetime) -> None:
    """Look at a session again later, if nobody has moved it meanwhile."""
    owner = {"of_account": found.account, "of_openid": found.openid, "found": found.version}
    await connection.execute(_POSTPONE, {**owner, "until": until})
