"""A database by plain SQL, as somebody who has nothing to do with the engine would look at it."""

from __future__ import annotations

import contextlib
import itertools
import re
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg

Row = tuple[Any, ...]


async def read(address: str, query: str) -> list[Row]:
    """The rows of a query."""
    if address.startswith("sqlite"):
        with _sqlite(address) as connection:
            return list(connection.execute(query))
    connection = await asyncpg.connect(address)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def write(address: str, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run a statement with `?` for each row, all in one transaction."""
    if address.startswith("sqlite"):
        with _sqlite(address) as connection, connection:
            connection.executemany(statement, list(rows))
        return
    number = itertools.count(1)
    numbered = re.sub(r"\?", lambda _: f"${next(number)}", statement)
    connection = await asyncpg.connect(address)
    try:
        async with connection.transaction():
            await connection.executemany(numbered, list(rows))
    finally:
        await connection.close()


def _sqlite(address: str) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(address.removeprefix("sqlite:///"), timeout=30))
