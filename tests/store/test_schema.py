"""The tables as declared, as migrated, and the moments in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, inspect
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from engine.store import Store, schema
from engine.store.migrate import VERSION_TABLE, version

OF_CUSTOMERS = [table for table in schema.metadata.sorted_tables if table not in schema.OWN]


@pytest.fixture(params=["sqlite", "postgresql"])
async def migrated(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[AsyncConnection]:
    """In a database of each kind that all migrations made, one after the other."""
    address = f"sqlite+aiosqlite:///{tmp_path}/migrated.db"
    if request.param == "postgresql":
        made = request.getfixturevalue("postgresql").new(template="template1")
        address = made.replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(address)
    async with engine.begin() as connection:
        await connection.run_sync(migrate_all)
        yield connection
    await engine.dispose()


def migrate_all(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "engine.store:migrations")
    config.attributes.update(connection=connection, version_table=VERSION_TABLE)
    command.upgrade(config, "head")


def layout(connection: Connection) -> dict[str, object]:
    """What a database tells of its tables, columns in any order."""
    tables = inspect(connection)
    return {
        name: {
            "columns": {
                each["name"]: (str(each["type"]), each["nullable"], each["default"])
                for each in tables.get_columns(name)
            },
            "primary key": tables.get_pk_constraint(name),
            "unique": sorted(map(str, tables.get_unique_constraints(name))),
            "indexes": sorted(map(str, tables.get_indexes(name))),
            "references": tables.get_foreign_keys(name),
            "checks": tables.get_check_constraints(name),
        }
        for name in tables.get_table_names()
    }


async def test_the_migrations_make_the_declared_tables(migrated: AsyncConnection) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return list(compare_metadata(context, schema.metadata))

    assert await migrated.run_sync(differences) == []


async def test_a_new_database_is_what_the_migrations_make(
    migrated: AsyncConnection, postgresql: Any
) -> None:
    is_postgresql = migrated.dialect.name == "postgresql"
    address = postgresql.new(template="template1") if is_postgresql else "sqlite://"
    async with await Store.open(address) as store, store.reading() as connection:
        new, at = await connection.run_sync(layout), await connection.run_sync(version)
    assert len(new) > len(schema.metadata.tables)
    assert new == await migrated.run_sync(layout)
    assert at == await migrated.run_sync(version) == schema.HEAD


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "engine.store:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


@pytest.mark.parametrize("table", OF_CUSTOMERS, ids=lambda table: table.name)
def test_every_table_says_whose_row_it_is(table: Table) -> None:
    for name in ("account", "openid"):
        assert name in table.c, f"{table.name} has no {name}: its rows could not be forgotten"
        assert not table.c[name].nullable


_OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1900, 1, 1), datetime(2999, 1, 1), timezones=_OFFSETS))
def test_a_moment_comes_back_in_utc(moment: datetime) -> None:
    column, sqlite = schema.Instant(), dialect()
    kept = column.process_bind_param(moment, sqlite)
    back = column.process_result_value(kept, sqlite)
    assert back == moment
    assert back is not None
    assert back.tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        schema.Instant().process_bind_param(datetime(2026, 5, 4), dialect())
