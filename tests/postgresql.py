"""A real PostgreSQL of the tests' own: Debian's package, an empty cluster, a socket in a folder."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from engine.store import Store

#: Whom Debian's package makes. PostgreSQL refuses to run as root.
_USER = "postgres"
#: A database with our tables, which new ones are copies of: to migrate each would take longer.
_READY = "ready"

_MEMORY = Path("/dev/shm")
#: Bytes that a cluster may come to, with the databases of the tests that run at once.
_ROOM = 2_000_000_000


@dataclass
class Server:
    """A running server. Programs raise `CalledProcessError`, orders `asyncpg.PostgresError`."""

    folder: Path
    programs: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def new(self, *, template: str = _READY) -> str:
        """The address of a new database; of one without tables for the template `template1`."""
        name = f"test{next(self._numbers)}"
        self._order(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.address(name)

    def drop(self, address: str) -> None:
        """Delete a database: hundreds of them would fill gigabytes."""
        name = address.partition("@/")[2].partition("?")[0]
        self._order(f"DROP DATABASE {name} WITH (FORCE)")

    def address(self, name: str) -> str:
        return f"postgresql://{_USER}@/{name}?host={self.folder}"

    def _order(self, statement: str) -> None:
        # Programs for it would be forked from a process of tests, which is large; and a loop may
        # run in this thread.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _ordered(self.address("postgres"), statement)).result()

    def start(self) -> None:
        # Nobody cuts the power of a test: what the kernel holds is safe enough.
        options = f"-c listen_addresses= -k {self.folder} -c fsync=off -c max_connections=200"
        self._control("start", "-o", options, "-l", str(self.folder / "log"))

    def stop(self, how: str = "fast") -> None:
        """Stop; `immediate` is as if it had crashed."""
        self._control("stop", "-m", how)

    def _control(self, command: str, *options: str) -> None:
        self.run("pg_ctl", command, "-w", "-D", str(self.folder / "data"), *options)

    def run(self, program: str, *arguments: str) -> None:
        user = _USER if os.geteuid() == 0 else None
        subprocess.run(
            [self.programs / program, *arguments],
            check=True,
            user=user,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def running() -> Iterator[Server]:
    """A server with an empty cluster, stopped and deleted at the end."""
    folder = Path(tempfile.mkdtemp(prefix="banli-pg-", dir=_memory()))
    server = Server(folder, _programs())
    if os.geteuid() == 0:
        shutil.chown(folder, _USER)
    options = ("-A", "trust", "-U", _USER, "-E", "UTF8", "--locale=C", "--no-sync")
    try:
        server.run("initdb", "-D", str(folder / "data"), *options)
        server.start()
        try:
            server._order(f"CREATE DATABASE {_READY}")
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, _migrate(server.address(_READY))).result()
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder)


async def _ordered(address: str, statement: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _migrate(address: str) -> None:
    await (await Store.open(address)).close()


def _memory() -> Path | None:
    """Where files need no disk, which is not flushed for these anyway; None where there is none.

    A new database is a copy of many files: a busy disk takes most of a second for it.
    """
    try:
        return _MEMORY if shutil.disk_usage(_MEMORY).free >= _ROOM else None
    except OSError:
        return None


def _programs() -> Path:
    """The folder with the newest server: Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    if initdb is None:
        raise FileNotFoundError("the tests need PostgreSQL: apt install postgresql")
    return Path(initdb).resolve().parent


def _version(initdb: Path) -> int:
    return int(initdb.parts[-3])
