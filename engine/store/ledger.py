"""Business effects that were done, by idempotency key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from engine.store.connection import Connection
from engine.store.errors import Conflict
from engine.store.schema import ledger

_FIND = select(ledger.c.result).where(ledger.c.key == bindparam("key"))
_OF = (
    select(ledger.c.name, ledger.c.arguments)
    .where(ledger.c.account == bindparam("account"), ledger.c.openid == bindparam("openid"))
    .order_by(ledger.c.at, ledger.c.key)
)
_RECORD = insert(ledger)
_HOLD = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("key"), 0)))


async def hold(connection: Connection, key: str) -> None:
    """Be the only transaction with the effect of this key, until the end of it.

    On SQLite there is never another one that writes.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(_HOLD, {"key": key})


async def find(connection: Connection, key: str) -> dict[str, Any] | None:
    """The result of the effect with this key; None when it has not been done."""
    result: dict[str, Any] | None = await connection.scalar(_FIND, {"key": key})
    return result


async def of(
    connection: Connection, *, account: str, openid: str
) -> list[tuple[str, dict[str, Any]]]:
    """What was done for a customer, in order: names of effects and their arguments."""
    rows = await connection.execute(_OF, {"account": account, "openid": openid})
    return [(row.name, row.arguments) for row in rows]


async def record(
    connection: Connection,
    *,
    key: str,
    account: str,
    openid: str,
    name: str,
    arguments: Mapping[str, Any],
    result: Mapping[str, Any],
    now: datetime,
) -> None:
    """Keep what an effect did, in the transaction that does it.

    Raises `Conflict` when the effect has been done by another transaction: undo this one.
    """
    row = {
        "key": key,
        "account": account,
        "openid": openid,
        "name": name,
        "arguments": dict(arguments),
        "result": dict(result),
        "at": now,
    }
    try:
        await connection.execute(_RECORD, row)
    except IntegrityError as error:
        raise Conflict(f"effect {name} {key} has been done") from error
