"""Bring a database to the newest schema, whoever opens it first."""

from __future__ import annotations

import asyncio
import threading

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from engine.store import schema
from engine.store.errors import StoreError

#: Not alembic's default: the company's own tables may live here and be migrated by alembic too.
VERSION_TABLE = "banli_schema"

# alembic keeps the running migration in module globals.
_one_at_a_time = threading.Lock()


async def version(connection: AsyncConnection) -> str | None:
    """The migration that the database is at; None for a database without our tables."""
    if not await connection.run_sync(lambda sync: inspect(sync).has_table(VERSION_TABLE)):
        return None
    found: str | None = await connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    return found


def upgrade(connect: AsyncEngine) -> None:
    """Migrate to head in one transaction, on an event loop of its own: call it in a thread.

    `connect` must be an engine of which nothing else is used, with no pool that outlives the call.
    Raises `StoreError` when the database is newer than this program.
    """
    with _one_at_a_time:
        asyncio.run(_upgrade(connect))


async def _upgrade(engine: AsyncEngine) -> None:
    try:
        async with engine.begin() as connection:
            # Asked again inside the transaction: another process may have been faster.
            if await version(connection) != schema.HEAD:
                await connection.run_sync(_run_alembic)
    finally:
        await engine.dispose()


def _run_alembic(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "engine.store:migrations")
    config.attributes.update(connection=connection, version_table=VERSION_TABLE)
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(f"the database was made by another version of banli: {error}") from error
