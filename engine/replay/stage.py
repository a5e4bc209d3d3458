"""The real engine, set up for one transcript: its database, its clock, its customer."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from engine.acting import Backends
from engine.business.http import Answer as HttpAnswer
from engine.business.provider import Business, Row, Work
from engine.dialog.loading import Scripts
from engine.hearing import Fetch, Hears
from engine.message import Inbound, Reply
from engine.nlu.interpreter import Interpreter
from engine.replay.databases import Databases, bind
from engine.replay.prompting import Prompter
from engine.replay.stubs import Stubbed
from engine.replay.transcript import Transcript
from engine.store import Store
from engine.store.schema import ledger
from engine.turn import Turned, Turns

#: The official account that the customers of transcripts write to.
ACCOUNT = "replay"


@dataclass(frozen=True, slots=True)
class Troupe:
    """What every run shares, loaded once: understanding, scripts, business, databases, ears."""

    interpreter: Interpreter
    scripts: Scripts
    business: Business
    databases: Databases
    ears: Hears = field(default_factory=Prompter)


@dataclass(frozen=True, slots=True)
class Effect:
    """A business effect as the ledger has it."""

    name: str
    arguments: Mapping[str, Any]
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message and what came of it. ``turned`` is None where an old answer was given again."""

    inbound: Inbound
    replies: tuple[Reply, ...]
    turned: Turned | None
    effects: tuple[Effect, ...]

    @property
    def text(self) -> str:
        """All that was said."""
        return "\n".join(reply.text for reply in self.replies)

    @property
    def heard(self) -> str:
        """What was heard in a voice message."""
        voice = self.turned.voice if self.turned else None
        return voice.text if voice else ""


class Stage:
    """One customer and the engine that serves them. Time stands still but for `wait`.

    ``effects`` are those of all messages so far; leaving the account empties the ledger, not this.
    """

    def __init__(self, troupe: Troupe, transcript: Transcript, file: Path) -> None:
        self._troupe = troupe
        self._file = file
        self._seen: list[Turned] = []
        self._ids = itertools.count(1)
        self._kept = 0
        self.effects: list[Effect] = []
        self.openid = transcript.user.id
        self.stubbed = Stubbed(troupe.business, transcript.stubs)
        self.now = transcript.start

    @property
    def ears(self) -> Hears:
        """What hears the customer's voice."""
        return self._troupe.ears

    @classmethod
    @asynccontextmanager
    async def open(cls, troupe: Troupe, transcript: Transcript) -> AsyncIterator[Stage]:
        """Lay the world, bind the customer, start the engine."""
        file = await troupe.databases.copy(world=transcript.world, now=transcript.start)
        stage = cls(troupe, transcript, file)
        try:
            await stage._start()
            if transcript.user.member:
                await bind(stage._store, openid=stage.openid, member=transcript.user.member)
            yield stage
        finally:
            await stage._store.close()
            file.unlink(missing_ok=True)

    async def _start(self) -> None:
        self._store = await Store.open(f"sqlite:///{self._file}")
        self._turns = Turns(
            self._store,
            self._troupe.interpreter,
            self._troupe.scripts,
            Backends(self.stubbed.business, _no_network, _no_secret),
            clock=lambda: self.now,
            ears=self._troupe.ears,
            new_id=lambda: f"id-{next(self._ids)}",
            watch=self._seen.append,
        )

    async def send(self, inbound: Inbound, fetch: Fetch | None = None) -> Exchange:
        """Let a message be answered, and see what it did; a voice message is fetched."""
        self._seen.clear()
        replies = await self._turns.take(inbound, fetch)
        kept = await self._ledger()
        new, self._kept = kept[self._kept :], len(kept)
        self.effects += new
        turned = self._seen[-1] if self._seen else None
        return Exchange(inbound, replies, turned, tuple(new))

    async def wait(self, span: timedelta) -> None:
        """Let time pass; the business keeps up with the days as it does when serving."""
        before, self.now = self.now, self.now + span
        if before.date() != self.now.date():
            async with self._store.writing() as connection:
                for prepare in self.stubbed.business.preparations:
                    await prepare(connection, self.now)

    async def restart(self) -> None:
        """A new process over the same database: nothing but what was kept is left."""
        await self._store.close()
        await self._start()

    async def _ledger(self) -> list[Effect]:
        """What the ledger has of the customer in the order in which it was done."""
        query = (
            select(ledger.c.name, ledger.c.arguments, ledger.c.result)
            .where(ledger.c.account == ACCOUNT, ledger.c.openid == self.openid)
            .order_by(text("rowid"))
        )
        async with self._store.reading() as connection:
            return [Effect(*row) for row in await connection.execute(query)]

    async def ask(self, name: str, arguments: Mapping[str, Any]) -> list[Row]:
        """What a query of the business answers this customer. Raises `Refused`."""
        query = self._troupe.business.queries[name]
        async with self._store.reading() as connection:
            return await query(Work(connection, self.now, ACCOUNT, self.openid), **arguments)


async def _no_network(
    url: str, *, body: bytes, headers: Mapping[str, str], seconds: float
) -> HttpAnswer:
    raise OSError(f"{url}: a transcript reaches no network; stub the effect")


def _no_secret(name: str) -> str:
    return "replay"
