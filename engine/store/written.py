"""What SQLAlchemy writes for SQLite's files: it is written once, for every file that is opened.

To write a statement takes it longer than SQLite takes to run it, and many files are opened by who
plays transcripts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Dialect, Engine, Executable, create_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import LRUCache

from engine.store.connection import OPTIONS
from engine.store.direct import Text
from engine.store.keys import Ring
from engine.store.sealing import seal_with

#: As many as SQLAlchemy keeps for an engine.
_STATEMENTS = 500


@dataclass(frozen=True, slots=True)
class Written:
    """A dialect, what was compiled for it, and the `prepared` statements as texts."""

    dialect: Dialect
    texts: MutableMapping[Executable, Text] = field(default_factory=WeakKeyDictionary)
    _compiled: MutableMapping[Any, Any] = field(default_factory=lambda: LRUCache(_STATEMENTS))

    @classmethod
    def under(cls, ring: Ring | None) -> Written:
        """What is shared by all that seal nothing; with a ``ring``, values are sealed with it."""
        if ring is None:
            return _in_clear()
        sealed = cls(_dialect())
        seal_with(sealed.dialect, ring)
        return sealed

    def engine(self, place: URL, *pragmas: str, wait: float, patience: float) -> Engine:
        """An engine over a file, whose connections begin with the pragmas.

        A statement waits for another process for ``wait`` seconds, the pragmas for ``patience``.
        """

        def connect() -> sqlite3.Connection:
            # Transactions are begun and ended here, not by the driver.
            connection = sqlite3.connect(
                str(place.database), timeout=patience, check_same_thread=False, isolation_level=None
            )
            # They read the file, which another process may just be opening or closing.
            patient = f"PRAGMA busy_timeout = {round(wait * 1000)}"
            for pragma in (*pragmas, "PRAGMA foreign_keys = ON", patient):
                connection.execute(pragma)
            return connection

        return Engine(
            NullPool(connect, dialect=self.dialect),  # type: ignore[arg-type]
            self.dialect,
            place,
            hide_parameters=True,
            execution_options={"compiled_cache": self._compiled},
        )


@cache
def _in_clear() -> Written:
    return Written(_dialect())


def _dialect() -> Dialect:
    # In autocommit SQLAlchemy leaves transactions to us. A first connection tells it the version.
    engine = create_engine(
        "sqlite://", isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True, **OPTIONS
    )
    engine.connect().close()
    engine.dispose()
    return engine.dialect
