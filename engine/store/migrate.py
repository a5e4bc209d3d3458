"""Bring a database to the newest schema, whoever opens it first."""

from __future__ import annotations

import threading

from sqlalchemy import Connection, inspect, text

from engine.store.errors import StoreError
from engine.store.schema import HEAD

__all__ = ["HEAD", "VERSION_TABLE", "upgrade", "version"]

#: Not alembic's default: the company's own tables may live here and be migrated by alembic too.
VERSION_TABLE = "banli_schema"

# alembic keeps the running migration in module globals.
_one_at_a_time = threading.Lock()


def version(connection: Connection) -> str | None:
    """The migration that the database is at; None for a database without our tables."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    return found


def upgrade(connection: Connection) -> None:
    """Migrate to head within the transaction of this connection.

    Raises `StoreError` when the database is newer than this program.
    """
    with _one_at_a_time:
        # Asked inside of the transaction: another process may have been faster.
        if version(connection) != HEAD:
            _run_alembic(connection)


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
