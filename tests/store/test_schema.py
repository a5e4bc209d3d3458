"""The tables as declared, as migrated, and the moments in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import dialect

from engine.store import Store, schema
from engine.store.migrate import VERSION_TABLE

OF_CUSTOMERS = [table for table in schema.metadata.sorted_tables if table not in schema.OWN]


async def test_the_migrations_make_the_declared_tables(store: Store) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return list(compare_metadata(context, schema.metadata))

    async with store.reading() as connection:
        assert await connection.run_sync(differences) == []


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
