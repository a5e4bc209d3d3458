"""The real engine, set up for one transcript: its database, its clock, its customer."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from engine import late
from engine.acting import Backends
from engine.business.demo import seed
from engine.business.provider import Business, Refused, Row, Unavailable, Work
from engine.desk.desk import Customer, Desk
from engine.desk.errors import NotWaiting
from engine.dialog import checking
from engine.dialog.loading import Scripts
from engine.hearing import Fetch, Hears
from engine.message import Inbound, Kind, Reply
from engine.nlu.interpreter import Interpreter
from engine.replay.databases import Databases, bind
from engine.replay.editing import edited
from engine.replay.logged import Logged
from engine.replay.platform import Platform
from engine.replay.prompting import Prompter
from engine.replay.stubs import Crash, Stubbed
from engine.replay.transcript import Clerk, Happening, Transcript
from engine.replay.workers import Workers
from engine.scheduler import Scheduler
from engine.store import Store, conversation
from engine.store.schema import ledger, notices, sessions
from engine.store.waiting import Waiting
from engine.turn import Turned, Turns

#: The official account that the customers of transcripts write to.
ACCOUNT = "replay"

_REFERENCE = re.compile(r"\$(\w+)")


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
    """One step and what came of it. ``turned`` is None where an old answer was given again.

    ``inbound`` is the customer's message, ``happening`` what happened at the company; both are None
    where only time passed. ``pushed`` was said beside the answer; ``refused`` is why the company
    did not take what happened.
    ``at_desk`` and ``transcript`` are what a clerk sees afterwards, where somebody looks.
    """

    inbound: Inbound | None
    replies: tuple[Reply, ...]
    turned: Turned | None
    effects: tuple[Effect, ...]
    pushed: tuple[Reply, ...] = ()
    happening: Happening | None = None
    at_desk: Waiting | None = None
    transcript: str = ""
    refused: str = ""

    @property
    def shown(self) -> tuple[Reply, ...]:
        """All that the customer sees."""
        return (*self.replies, *self.pushed)

    @property
    def text(self) -> str:
        """All that was said."""
        return said(self.replies)

    @property
    def heard(self) -> str:
        """What was heard in a voice message."""
        voice = self.turned.voice if self.turned else None
        return voice.text if voice else ""


def said(replies: Iterable[Reply]) -> str:
    """The words of replies."""
    return "\n".join(reply.text for reply in replies)


class Stage:
    """One customer and the engine that serves them. Time stands still but for `wait`.

    ``effects`` are those of all messages so far; leaving the account empties the ledger, not this.
    """

    def __init__(self, troupe: Troupe, transcript: Transcript, file: Path) -> None:
        self._troupe = troupe
        self._file = file
        self._scripts = troupe.scripts
        self._count = transcript.workers
        self._seen: list[Turned] = []
        self._ids = itertools.count(1)
        self._kept = 0
        self._told: dict[str, Any] = {}
        self._account = transcript.account
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
            await stage._prepare()
            if transcript.user.member:
                await bind(stage._store, openid=stage.openid, member=transcript.user.member)
            yield stage
        finally:
            await stage._workers.close()
            file.unlink(missing_ok=True)

    async def _start(self) -> None:
        self._workers = await Workers.open(self._file, self._engine, count=self._count)
        self._store = self._workers.store
        self._platform: Platform | None = None
        if self._account:
            self._platform = Platform(
                self._workers,
                self._store,
                name=ACCOUNT,
                verified=self._account == "verified",
                clock=lambda: self.now,
            )
        self._scheduler = Scheduler(self._store, {ACCOUNT: self._workers}, clock=lambda: self.now)
        self._desk = Desk(
            self._store,
            {ACCOUNT: self._workers},
            clock=lambda: self.now,
            new_id=lambda: f"id-{next(self._ids)}",
        )

    async def _prepare(self) -> None:
        """Let a company of its own lay its tables; the demo's are in the database."""
        own = [each for each in self.stubbed.business.preparations if each is not seed.prepare]
        async with self._store.writing() as connection:
            for prepare in own:
                await prepare(connection, self.now)

    def _engine(self, store: Store) -> Turns:
        return Turns(
            store,
            self._troupe.interpreter,
            self._scripts,
            Backends(self.stubbed.business, self.stubbed.post, _no_secret),
            clock=lambda: self.now,
            ears=self._troupe.ears,
            new_id=lambda: f"id-{next(self._ids)}",
            watch=self._see,
        )

    async def send(
        self, inbound: Inbound, fetch: Fetch | None = None, *, times: int = 1, late: bool = False
    ) -> Exchange:
        """Let a message be answered that is delivered so often at once, and see what it did.

        A voice message is fetched. ``late``: later than the platform waits. Where a stub lets the
        process crash, it starts anew and nothing is answered.
        """
        self._seen.clear()
        try:
            if self._platform:
                replies = await self._platform.deliver(inbound, late=late)
            else:
                replies = await self._workers.deliver(inbound, fetch, times=times)
        except Crash:
            replies = ()
            self._seen.clear()
            await self.restart()
        return await self._exchange(inbound, replies)

    async def send_all(self, inbounds: Sequence[Inbound]) -> Exchange:
        """Let several messages be answered that arrive at once; the last one to end is the turn."""
        self._seen.clear()
        return await self._exchange(inbounds[-1], await self._workers.take_all(inbounds))

    async def _exchange(self, inbound: Inbound, replies: tuple[Reply, ...]) -> Exchange:
        turned = self._seen[-1] if self._seen else None
        pushed = await self._pushed()
        return Exchange(inbound, replies, turned, await self._new_effects(), pushed)

    async def clerk(self, action: Clerk) -> Exchange:
        """Let a clerk act; the replies are what the customer is sent."""
        self._seen.clear()
        if action.takes:
            await self._desk.take(self._customer, clerk=action.name)
        elif action.says is not None:
            await self._desk.say(self._customer, action.says, clerk=action.name)
        else:
            await self._desk.hand_back(self._customer, clerk=action.name)
        turned = self._seen[-1] if self._seen else None
        inbound = Inbound(
            account=ACCOUNT,
            openid=self.openid,
            key="desk",
            at=self.now,
            kind=Kind.DESK,
            text=f"[{action.name}] {action.says or ('接待' if action.takes else '交还')}",
        )
        return Exchange(inbound, await self._pushed(), turned, ())

    async def looked_at(self, exchange: Exchange) -> Exchange:
        """The exchange with what a clerk sees after it."""
        try:
            waiting = await self._desk.find(self._customer)
            lines = await self._desk.transcript(self._customer)
        except NotWaiting:
            return exchange
        told = "\n".join(f"{line.author}: {line.text}" for line in lines)
        return replace(exchange, at_desk=waiting, transcript=told)

    @property
    def _customer(self) -> Customer:
        return Customer(ACCOUNT, self.openid)

    async def happen(self, happening: Happening) -> Exchange:
        """Let something happen at the company, and see what the customer is told of it."""
        self._seen.clear()
        facts, refused = {k: self.referred(v) for k, v in happening.facts.items()}, ""
        try:
            async with self._store.writing() as connection:
                work = Work(connection, self.now, "", "")
                await self.stubbed.business.events[happening.event](work, **facts)
        except Refused as error:
            refused = error.reason
        except Unavailable:
            refused = "unavailable"
        pushed = await self._pushed()
        turned = self._seen[-1] if self._seen else None
        effects = await self._new_effects()
        return Exchange(None, (), turned, effects, pushed, happening, refused=refused)

    async def wait(self, span: timedelta) -> Exchange:
        """Let time pass, with all that becomes due on the way."""
        self._seen.clear()
        end, pushed = self.now + span, list[Reply]()
        while (due := await self._next_due()) is not None and due <= end:
            await self._pass(max(due, self.now))
            pushed += await self._pushed()
        await self._pass(end)
        turned = self._seen[-1] if self._seen else None
        return Exchange(None, (), turned, await self._new_effects(), tuple(pushed))

    async def _pass(self, moment: datetime) -> None:
        """Move the clock; the business keeps up with the days as it does when serving."""
        before, self.now = self.now, moment
        if before.date() != self.now.date():
            async with self._store.writing() as connection:
                for prepare in self.stubbed.business.preparations:
                    await prepare(connection, self.now)

    async def _next_due(self) -> datetime | None:
        async with self._store.reading() as connection:
            moments = [
                await connection.scalar(select(func.min(table.c.due)))
                for table in (sessions, notices)
            ]
        return min((moment for moment in moments if moment), default=None)

    async def _pushed(self) -> tuple[Reply, ...]:
        """Let what is due be told, and take what this customer is sent."""
        while await self._scheduler.run_due():
            pass
        if self._platform:
            return await self._platform.pushed()
        return await late.taken(self._store, account=ACCOUNT, openid=self.openid)

    async def _new_effects(self) -> tuple[Effect, ...]:
        kept = await self._ledger()
        new, self._kept = kept[self._kept :], len(kept)
        self.effects += new
        for effect in new:
            self._told |= effect.result
        return tuple(new)

    def referred(self, value: Any) -> Any:
        """A text with what effects gave and notices told in place of its ``$name``."""
        if not isinstance(value, str) or "$" not in value:
            return value
        return _REFERENCE.sub(lambda found: str(self._told.get(found[1], found[0])), value)

    def _see(self, turned: Turned) -> None:
        self._seen.append(turned)
        self._told |= turned.inbound.facts

    async def restart(self) -> None:
        """New processes over the same database: nothing but what was kept is left."""
        await self._workers.close()
        await self._start()

    def reload(self, changes: Mapping[str, Mapping[str, str] | None]) -> None:
        """Let the running processes read scripts anew in which parts of the text are others.

        Raises `TranscriptError`, and `ScriptError`: then they go on as they were.
        """
        self._scripts = edited(self._troupe.scripts, changes)
        checking.demand(self._scripts, self._troupe.business)
        self._workers.change(self._troupe.interpreter, self._scripts)

    async def logged(self, numbers: Sequence[str], *, member: str) -> Logged:
        """What the store's log has of the customer, as `banli replay --record` takes it."""
        async with self._store.reading() as connection:
            lines = await conversation.of(connection, account=ACCOUNT, openid=self.openid)
        names = [effect.name for effect in self.effects]
        return Logged("recorded", self.openid, lines, names, numbers, member)

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


def _no_secret(name: str) -> str:
    return "replay"
