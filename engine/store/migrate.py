"""Bring a database to the newest schema, whoever opens it first.

A new database is made as the tables are declared, which is what all migrations come to
(`tests/store/test_schema.py`) and takes a tenth of their time.
"""

from __future__ import annotations

import threading

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    inspect,
    text,
)

from engine.store.errors import StoreError
from engine.store.schema import HEAD, metadata

__all__ = ["HEAD", "VERSION_TABLE", "upgrade", "version"]

#: Not alembic's default: the company's own tables may live here and be migrated by alembic too.
VERSION_TABLE = "banli_schema"

#: As alembic makes it.
_versions = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)

# alembic keeps the running migration in module globals.
_one_at_a_time = threading.Lock()


def version(connection: Connection) -> str | None:
    """The migration that the database is at; None for a database without our tables."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    return found


def upgrade(connection: Connection) -> None:
    """Create, or migrate to head, within the transaction of this connection.

    Raises `StoreError` when the database is newer than this program.
    """
    with _one_at_a_time:
        # Asked inside of the transaction: another process may have been faster.
        found = version(connection)
        if found is None:
            _create(connection)
        elif found != HEAD:
            _run_alembic(connection)


def _create(connection: Connection) -> None:
    metadata.create_all(connection, checkfirst=False)
    _versions.create(connection)
    connection.execute(insert(_versions).values(version_num=HEAD))


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
