"""A customer who leaves is gone from every table, and nobody else is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, LargeBinary, String, Table, Text, insert, select

from engine.store import Store, schema
from engine.store.forget import forget
from engine.store.sealing import Mark, Sealed, SealedJson, SealedText

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OF_CUSTOMERS = [table for table in schema.metadata.sorted_tables if table not in schema.OWN]
ROWS = [("demo", "leaves"), ("demo", "stays"), ("other", "leaves")]


def value(column: Column[Any], number: int) -> object:
    """Some value that fits a column; tables that do not exist yet get theirs here too."""
    if isinstance(column.type, SealedJson):
        return {}
    if isinstance(column.type, SealedText | Mark):
        return "x"
    if isinstance(column.type, LargeBinary | Sealed):
        return b"x"
    if isinstance(column.type, schema.Instant):
        return NOW
    if isinstance(column.type, Boolean):
        return True
    return str(number) if isinstance(column.type, String | Text) else number


@pytest.mark.parametrize("table", OF_CUSTOMERS, ids=lambda table: table.name)
async def test_forgetting_a_customer_empties_this_table_of_them(store: Store, table: Table) -> None:
    async with store.writing() as connection:
        for number, (account, openid) in enumerate(ROWS, start=1):
            row = {column.name: value(column, number) for column in table.columns}
            await connection.execute(insert(table), {**row, "account": account, "openid": openid})
        await forget(connection, account="demo", openid="leaves")
    async with store.reading() as connection:
        left = (await connection.execute(select(table.c.account, table.c.openid))).all()
    assert sorted(map(tuple, left)) == [("demo", "stays"), ("other", "leaves")]
