"""Databases to play in: laid out once for each world and day, then copied for each run."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import msgspec
from sqlalchemy import insert, select

from engine.business.demo import seed, tables
from engine.replay.errors import TranscriptError
from engine.replay.transcript import Member
from engine.store import Store

#: Files that need no disk: every commit waits for its file to be safe, and these are thrown away.
_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder in it is made by `mkdtemp`


class Databases:
    """A folder of laid out databases and of the copies that runs play in; `close` deletes it."""

    def __init__(self) -> None:
        memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
        self._folder = Path(tempfile.mkdtemp(prefix="banli-replay-", dir=memory))
        self._laid: dict[tuple[bytes, str], Path] = {}
        self._copies = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Delete everything."""
        shutil.rmtree(self._folder, ignore_errors=True)

    async def copy(self, *, world: Mapping[str, Any], now: datetime) -> Path:
        """A database of its own with the world as it is on that day.

        Raises `TranscriptError` when the world is not one.
        """
        key = (msgspec.json.encode(world, order="sorted"), now.date().isoformat())
        laid = self._laid.get(key)
        if laid is None:
            laid = self._laid[key] = await self._lay(world, now)
        return Path(shutil.copyfile(laid, self._new()))

    async def twin(self, file: Path) -> Path:
        """A copy of a database that is open, with all that was committed."""
        twin = self._new()
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(twin)) as target:
            source.backup(target)
        return twin

    def _new(self) -> Path:
        self._copies += 1
        return self._folder / f"run-{self._copies}.db"

    async def _lay(self, world: Mapping[str, Any], now: datetime) -> Path:
        file = self._folder / f"world-{len(self._laid)}.db"
        async with await Store.open(f"sqlite:///{file}") as store, store.writing() as connection:
            await seed.create(connection)
            try:
                await seed.seed(connection, now=now, world=world)
            except msgspec.ValidationError as error:
                raise TranscriptError(str(error), place=("world",)) from error
        return file


async def bind(store: Store, *, openid: str, member: Member) -> None:
    """Make the customer that member of the demo company. Raises `TranscriptError` if unknown."""
    members = tables.members
    async with store.writing() as connection:
        found = select(members.c.id, members.c.phone).where(members.c.name == member.name)
        row = (await connection.execute(found)).first()
        if row is None or member.phone not in ("", row.phone):
            message = f"the company has no member {member.name} {member.phone}".rstrip()
            raise TranscriptError(message, place=("user", "member"))
        binding = {"account": "", "openid": openid, "member": row.id}
        await connection.execute(insert(tables.bindings).values(binding))
