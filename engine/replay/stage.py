"""The real engine, set up for one transcript: its database, its clock, its customer."""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from engine.acting import Backends
from engine.business.demo import seed
from engine.business.provider import Refused, Row, Unavailable
from engine.desk.desk import Customer, Desk
from engine.desk.errors import NotWaiting
from engine.dialog import checking
from engine.hearing import Fetch, Hears
from engine.message import Inbound, Kind, Reply
from engine.replay.channels import Screen, carrier
from engine.replay.databases import bind
from engine.replay.editing import edited
from engine.replay.exchange import ACCOUNT, Effect, Exchange
from engine.replay.logged import Logged
from engine.replay.records import Records
from engine.replay.stubs import Crash, Stubbed
from engine.replay.transcript import DIRECT, SMS, Clerk, Happening, Transcript
from engine.replay.troupe import Troupe
from engine.replay.workers import Workers
from engine.reporting import ReportError
from engine.scheduler import Scheduler
from engine.store import Store
from engine.turn import Turned, Turns

_REFERENCE = re.compile(r"\$(\w+)")


class Stage:
    """One customer and the engine that serves them. Time stands still but for `wait`.

    ``effects`` are those of all messages so far; leaving the account empties the ledger, not this.
    """

    def __init__(
        self, troupe: Troupe, transcript: Transcript, file: Path, *, channel: str = DIRECT
    ) -> None:
        self._troupe = troupe
        self._file = file
        self._scripts = troupe.scripts
        self._count = transcript.workers
        self._seen: list[Turned] = []
        self._ids = itertools.count(1)
        self._kept = 0
        self._told: dict[str, Any] = {}
        self._transcript, self._channel = transcript, channel
        self.effects: list[Effect] = []
        self.openid = _number(transcript.user.id) if channel == SMS else transcript.user.id
        self.stubbed = Stubbed(troupe.business, transcript.stubs)
        self.now = transcript.start
        self._screen = Screen()

    @property
    def ears(self) -> Hears:
        """What hears the customer's voice."""
        return self._troupe.ears

    @classmethod
    @asynccontextmanager
    async def open(
        cls, troupe: Troupe, transcript: Transcript, channel: str = DIRECT
    ) -> AsyncIterator[Stage]:
        """Lay the world, bind the customer, start the engine."""
        file = await troupe.databases.copy(world=transcript.world, now=transcript.start)
        stage = cls(troupe, transcript, file, channel=channel)
        try:
            await stage._start()
            await stage._prepare()
            if transcript.user.member:
                await bind(stage._store, openid=stage.openid, member=transcript.user.member)
            yield stage
        finally:
            await stage._workers.close()
            file.unlink(missing_ok=True)

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[Stage]:
        """The same moment once more: what happens there is not known here."""
        file = await self._troupe.databases.twin(self._file)
        stage = Stage(self._troupe, self._transcript, file, channel=self._channel)
        stage.now, stage._ids, stage._kept = self.now, copy(self._ids), self._kept
        stage.effects, stage._told = list(self.effects), dict(self._told)
        try:
            await stage._start()
            yield stage
        finally:
            await stage._workers.close()
            file.unlink(missing_ok=True)

    async def _start(self) -> None:
        self._workers = await Workers.open(self._file, self._engine, count=self._count)
        self._store = self._workers.store
        self._records = Records(self._store, self.openid)
        self._carrier = carrier(
            self._channel, self._transcript, self._workers, self._screen, lambda: self.now
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
            replies = await self._carrier.deliver([inbound], fetch, times=times, late=late)
        except Crash:
            replies = ()
            self._seen.clear()
            await self.restart()
        return await self._exchange(inbound, replies)

    async def send_all(self, inbounds: Sequence[Inbound]) -> Exchange:
        """Let several messages be answered that arrive at once; the last one to end is the turn."""
        self._seen.clear()
        return await self._exchange(inbounds[-1], await self._carrier.deliver(inbounds))

    async def _exchange(self, inbound: Inbound, replies: tuple[Reply, ...]) -> Exchange:
        turned = self._seen[-1] if self._seen else None
        pushed = await self._pushed()
        effects = await self._new_effects()
        return Exchange(inbound, replies, turned, effects, pushed, channel=self._channel)

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
                await self.stubbed.happen(
                    connection, {ACCOUNT: self._scripts}, happening.event, facts, now=self.now
                )
        except Refused as error:
            refused = error.reason
        except Unavailable:
            refused = "unavailable"
        except ReportError as error:
            refused = str(error)
        pushed = await self._pushed()
        turned = self._seen[-1] if self._seen else None
        effects = await self._new_effects()
        return Exchange(None, (), turned, effects, pushed, happening, refused=refused)

    async def wait(self, span: timedelta) -> Exchange:
        """Let time pass, with all that becomes due on the way."""
        self._seen.clear()
        end, pushed = self.now + span, list[Reply]()
        while (due := await self._records.next_due()) is not None and due <= end:
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

    async def _pushed(self) -> tuple[Reply, ...]:
        """Let what is due be told, and take what this customer is sent."""
        while await self._scheduler.run_due():
            pass
        return await self._carrier.pushed(self.openid)

    async def _new_effects(self) -> tuple[Effect, ...]:
        kept = await self._records.effects()
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
        lines = await self._records.lines()
        names = [effect.name for effect in self.effects]
        return Logged("recorded", self.openid, lines, names, numbers, member)

    async def ask(self, name: str, arguments: Mapping[str, Any]) -> list[Row]:
        """What a query of the business answers this customer. Raises `Refused`."""
        return await self._records.ask(self._troupe.business, name, arguments, self.now)


def _number(name: str) -> str:
    """The number of a phone that stands for a customer's name."""
    return f"+86100{zlib.crc32(name.encode()):010}"


def _no_secret(name: str) -> str:
    return "replay"
