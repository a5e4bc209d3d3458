"""What the rooms may ask of a database, whichever it is and however it waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

import msgspec
import sqlalchemy
from sqlalchemy import CursorResult, Executable, ScalarResult, Table

from engine.store.direct import Fetched

Result = TypeVar("Result")

#: What a statement gives: its rows, or how many it has changed.
Rows = CursorResult[*tuple[Any, ...]] | Fetched


class Connection(Protocol):
    """Statements of one transaction, or of none; SQLAlchemy's `AsyncConnection` is one.

    Each raises `sqlalchemy.exc.DBAPIError`.
    """

    @property
    def dialect(self) -> sqlalchemy.Dialect:
        """Which database it is, where statements have to differ."""

    async def execute(self, statement: Executable, parameters: Any = None, /) -> Rows:
        """Every row of a statement."""

    async def scalar(self, statement: Executable, parameters: Any = None, /) -> Any:
        """The first column of the first row; None without rows."""

    async def scalars(self, statement: Executable, parameters: Any = None, /) -> ScalarResult[Any]:
        """The first column of every row."""

    def begin_nested(self) -> AbstractAsyncContextManager[Any]:
        """A savepoint: what happens in the block is undone when it raises, and nothing else."""

    async def run_sync(self, call: Callable[[sqlalchemy.Connection], Result], /) -> Result:
        """What a function makes of the connection underneath."""


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> Executable:
    """A statement that puts a row where there is none with its key, and leaves one that is there.

    Where others write at once, to look first would not be enough.
    """
    of: Any
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as of
    else:
        from sqlalchemy.dialects.sqlite import insert as of
    statement: Executable = of(table).values(row).on_conflict_do_nothing()
    return statement


class Database(Protocol):
    """One database, open; `Store` says what the two kinds of connections are."""

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """See `Store.reading`."""

    def writing(self) -> AbstractAsyncContextManager[Connection]:
        """See `Store.writing`."""

    async def close(self) -> None:
        """Close every connection."""


#: For both kinds of engines: JSON columns by the coder of everything else, and nothing of customers
#: in what an error says.
OPTIONS: dict[str, Any] = {
    "hide_parameters": True,
    "json_serializer": lambda value: msgspec.json.encode(value).decode(),
    "json_deserializer": msgspec.json.decode,
}
