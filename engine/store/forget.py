"""Deleting what is kept about a customer who has left."""

from __future__ import annotations

from sqlalchemy import bindparam, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.store.schema import metadata

_STATEMENTS = [
    delete(table).where(
        table.c.account == bindparam("account"), table.c.openid == bindparam("openid")
    )
    for table in metadata.sorted_tables
]


async def forget(connection: AsyncConnection, *, account: str, openid: str) -> None:
    """Delete every row of a customer in every table of the store."""
    for statement in _STATEMENTS:
        await connection.execute(statement, {"account": account, "openid": openid})
