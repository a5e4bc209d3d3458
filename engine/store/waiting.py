"""Customers who wait for a person of the company, or are with one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from engine.store.connection import Connection
from engine.store.schema import waiting as table

_OWNER = (table.c.account == bindparam("of_account"), table.c.openid == bindparam("of_openid"))
_DELETE = delete(table).where(*_OWNER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One customer: since when and why (`asked`, `upset`, `failed`), and who has taken them.

    ``name`` is the customer's where the company knows it, ``task`` what was being done.
    """

    account: str
    openid: str
    since: datetime
    reason: str
    clerk: str = ""
    name: str = ""
    task: dict[str, Any] = field(default_factory=dict)


async def put(connection: Connection, customer: Waiting) -> None:
    """Keep a customer in the queue as they are now."""
    await remove(connection, account=customer.account, openid=customer.openid)
    await connection.execute(insert(table), asdict(customer))


async def remove(connection: Connection, *, account: str, openid: str) -> None:
    """The customer is not waited upon any more."""
    await connection.execute(_DELETE, {"of_account": account, "of_openid": openid})


async def every(connection: Connection) -> list[Waiting]:
    """The whole queue, longest waiting first."""
    rows = await connection.execute(select(table).order_by(table.c.since, table.c.openid))
    return [Waiting(**row._mapping) for row in rows]


async def find(connection: Connection, *, account: str, openid: str) -> Waiting | None:
    """One customer of the queue."""
    given = {"of_account": account, "of_openid": openid}
    row = (await connection.execute(select(table).where(*_OWNER), given)).one_or_none()
    return None if row is None else Waiting(**row._mapping)
