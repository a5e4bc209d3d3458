"""Copies of a SQLite database, taken while it is in use, and put back."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from engine.store.errors import StoreError
from engine.store.migrate import VERSION_TABLE
from engine.store.store import place_of, sqlite_file

_BESIDE = ("-wal", "-shm")
_SECONDS = 5.0


def back_up(url: str, copy: Path) -> None:
    """Copy the database to a new file, as it is at one moment, whoever writes meanwhile.

    Raises `StoreError`: there is no database, it is broken, or the file exists.
    """
    file = _file(url, instead=f"pg_dump --format=custom --file={copy}")
    if not file.exists():
        raise StoreError(f"there is no database {file}")
    if copy.exists():
        raise StoreError(f"{copy} exists; a backup replaces nothing")
    part = copy.with_name(f".{copy.name}.part")
    with _told(copy):
        part.unlink(missing_ok=True)
        with _opened(file, "ro") as source, _opened(part, "rwc") as target:
            source.backup(target)
            # One file is what people copy: none beside it.
            target.execute("PRAGMA journal_mode = DELETE")
        _examine(part)
        part.rename(copy)


def restore(url: str, copy: Path, *, aside: Path | None = None) -> None:
    """Make a copy the database, which must not be in use; the old one moves to ``aside``.

    Raises `StoreError`: the copy is broken or none of ours, there is an old database and nowhere
    to put it, or a process has it open.
    """
    how = "--clean --if-exists --single-transaction"
    file = _file(url, instead=f"pg_restore {how} {copy}")
    _examine(copy)
    if file.exists() and aside is None:
        raise StoreError(f"there is a database {file}; --replace moves it aside")
    with _told(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f".{file.name}.part")
        part.unlink(missing_ok=True)
        with _opened(copy, "ro") as source, _opened(part, "rwc") as target:
            source.backup(target)
        if file.exists() and aside is not None:
            _close_log(file)
            file.rename(aside)
        part.rename(file)


def _file(url: str, *, instead: str) -> Path:
    file = sqlite_file(url)
    if file is None:
        raise StoreError(f"this copies SQLite only; here: {instead} --dbname={place_of(url)}")
    return file


@contextlib.contextmanager
def _opened(file: Path, mode: str) -> Iterator[sqlite3.Connection]:
    address = f"{file.absolute().as_uri()}?mode={mode}"
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=_SECONDS)) as connection:
        yield connection


def _examine(copy: Path) -> None:
    with _told(copy), _opened(copy, "ro") as connection:
        [[verdict]] = connection.execute("PRAGMA integrity_check(1)")
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if verdict != "ok":
        raise StoreError(f"{copy} is broken: {verdict}")
    if VERSION_TABLE not in tables:
        raise StoreError(f"{copy} is no database of banli")


def _close_log(file: Path) -> None:
    """Bring the log ahead into the file, which fails while another process has it open."""
    with contextlib.closing(sqlite3.connect(file, timeout=0.2, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = DELETE")
    for suffix in _BESIDE:
        Path(f"{file}{suffix}").unlink(missing_ok=True)


@contextlib.contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise StoreError(f"{file} is in use: stop what serves with it first") from error
        raise StoreError(f"{file}: {error}") from error
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{file}: {error}") from error
