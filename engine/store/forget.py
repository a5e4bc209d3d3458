"""Deleting what is kept about a customer who has left."""

from __future__ import annotations

from sqlalchemy import bindparam, delete

from engine.store.connection import Connection
from engine.store.schema import OWN, metadata

_STATEMENTS = [
    delete(table).where(
        table.c.account == bindparam("account"), table.c.openid == bindparam("openid")
    )
    for table in metadata.sorted_tables
    if table not in OWN
]


async def forget(connection: Connection, *, account: str, openid: str) -> None:
    """Delete every row of a customer in every table of the store that holds customers."""
    for statement in _STATEMENTS:
        await connection.execute(statement, {"account": account, "openid": openid})
