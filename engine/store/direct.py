"""Statements that every turn needs, as text straight to SQLite's driver.

SQLAlchemy writes them, once; what it does around every execution takes several times as long as
SQLite does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Dialect, Executable, Select
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Statement = TypeVar("Statement", bound=Executable)
_Processor = Callable[[Any], Any]

_MARK = "prepared"


def prepared(statement: Statement) -> Statement:
    """The statement, to be executed directly where it can be; with the same parameters each time.

    For statements that a module keeps. What is executed is the same, on every database.
    """
    marked: Statement = statement.execution_options(**{_MARK: True})
    return marked


class Fetched(IteratorResult[Any]):
    """All rows of a statement, or how many it has changed."""

    def __init__(self, metadata: SimpleResultMetaData, rows: Iterable[Any], rowcount: int) -> None:
        super().__init__(metadata, iter(rows))
        self.rowcount = rowcount


class Direct:
    """Executes `prepared` statements on one connection of the driver.

    ``texts`` are those written so far for the dialect. Each raises `sqlalchemy.exc.DBAPIError`, as
    SQLAlchemy would.
    """

    def __init__(
        self,
        driver: sqlite3.Connection,
        dialect: Dialect,
        texts: MutableMapping[Executable, Text],
    ) -> None:
        self.driver = driver
        self._dialect = dialect
        self._texts = texts

    def execute(self, statement: Executable, parameters: Any) -> Fetched | None:
        """The result of a prepared statement; None for others, which are not executed."""
        text = self._texts.get(statement)
        if text is None:
            if _MARK not in statement.get_execution_options():
                return None
            text = self._texts[statement] = Text(statement, self._dialect, _first(parameters))
        return self._run(text, parameters)

    def run(self, sql: str) -> None:
        """Executes a text that has neither parameters nor rows."""
        try:
            self.driver.execute(sql)
        except sqlite3.Error as error:
            raise self._as_usual(sql, error) from error

    def _run(self, text: Text, parameters: Any) -> Fetched:
        try:
            if isinstance(parameters, list):
                rows = [text.values(each) for each in parameters]
                cursor = self.driver.executemany(text.sql, rows)
            else:
                cursor = self.driver.execute(text.sql, text.values(parameters or {}))
            return text.fetched(cursor)
        except sqlite3.Error as error:
            raise self._as_usual(text.sql, error) from error

    def _as_usual(self, sql: str, error: sqlite3.Error) -> BaseException:
        """As SQLAlchemy tells it, without the values: they are customers'."""
        return DBAPIError.instance(
            sql, None, error, sqlite3.Error, hide_parameters=True, dialect=self._dialect
        )


class Text:
    """A statement as text, and how values go into it and come out."""

    def __init__(self, statement: Executable, dialect: Dialect, names: Iterable[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names))  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - for mypy
        self.sql = compiled.string
        self._names = frozenset(name for name, bind in compiled.binds.items() if bind.required)
        self._constants = {
            name: value for name, value in compiled.params.items() if name not in self._names
        }
        self._in = [
            (name, _in(compiled.binds[name].type, dialect)) for name in compiled.positiontup or ()
        ]
        columns = statement.selected_columns if isinstance(statement, Select) else ()
        self._out = [_out(column.type, dialect) for column in columns]
        self._metadata = SimpleResultMetaData([str(column.key) for column in columns])

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """Values in the order in which the text has them. Raises `TypeError` for missing ones."""
        if given.keys() != self._names:
            raise TypeError(f"the statement has other parameters: {sorted(self._names)}")
        every = {**self._constants, **given}
        return [every[name] if to is None else to(every[name]) for name, to in self._in]

    def fetched(self, cursor: sqlite3.Cursor) -> Fetched:
        """Everything that the driver has, as SQLAlchemy gives it."""
        rows = [self._row(row) for row in cursor] if self._out else ()
        return Fetched(self._metadata, rows, cursor.rowcount)

    def _row(self, row: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            [value if to is None else to(value) for value, to in zip(row, self._out, strict=True)]
        )


def _first(parameters: Any) -> Mapping[str, Any]:
    first: Mapping[str, Any] = parameters[0] if isinstance(parameters, list) else parameters or {}
    return first


def _in(type_: TypeEngine[Any], dialect: Dialect) -> _Processor | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _out(type_: TypeEngine[Any], dialect: Dialect) -> _Processor | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)
