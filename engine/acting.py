"""The business as one turn reaches it: reads without a lock, one transaction for what changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from engine.business.http import HttpCall, Post, ask, call, secret_from_environment, told_as
from engine.business.provider import Business, Counted, Row, Work
from engine.dialog.scripts.closing import Action, Does
from engine.dialog.scripts.parts import Http
from engine.dialog.state.session import Session, decode, encode
from engine.store import AlreadyAnswered, Connection, Store, follows, ledger, sessions

#: The query that tells who a customer is, where the business has one.
MEMBER = "members.profile"


@dataclass(frozen=True, slots=True)
class Backends:
    """What acts on the company's side: its business in this process, and the way to its systems."""

    business: Business
    post: Post
    secrets: Callable[[str], str] = secret_from_environment


class Acting:
    """Implements `engine.dialog.state.step.Acts` for one try of one turn.

    The transaction opens at the first effect or when the turn asks for it, and ends with ``stack``.
    """

    def __init__(
        self,
        store: Store,
        backends: Backends,
        stack: AsyncExitStack,
        *,
        reading: Connection,
        account: str,
        openid: str,
        message: str,
        now: datetime,
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._backends = backends
        self._stack = stack
        self._reading = reading
        self._writing: Connection | None = None
        self._account = account
        self._openid = openid
        self._message = message
        self._now = now
        self.new_id = new_id
        self.session = Session()
        self.version = 0
        self.has_notified = False

    @property
    def now(self) -> datetime:
        """The time of this turn."""
        return self._now

    async def load(self) -> Session:
        """The customer's session, with the version that `save` will demand.

        Raises `AlreadyAnswered` when the message has its answer.
        """
        stored, answer = await sessions.open_for(
            self._reading, self._message, account=self._account, openid=self._openid
        )
        if answer is not None:
            raise AlreadyAnswered(self._message)
        self.session, self.version = decode(stored.state), stored.version
        return self.session

    async def save(self) -> None:
        """Keep the session in the transaction. Raises `Conflict` when it has moved."""
        await self._save(await self.writing())

    async def writing(self) -> Connection:
        """The transaction of this turn, opened when it is first needed."""
        if self._writing is None:
            self._writing = await self._stack.enter_async_context(self._store.writing())
        return self._writing

    async def member(self) -> Row | None:
        """Who the customer is to the company; None when it does not know them."""
        if MEMBER not in self._backends.business.queries:
            return None
        rows = await self.query(MEMBER, {})
        return rows[0] if rows else None

    async def query(self, query: str | Http, arguments: Mapping[str, Any]) -> list[Row]:
        """Rows of a query; within the transaction once there is one, to see what it has done."""
        if isinstance(query, Http):
            return await self._query_elsewhere(query, arguments)
        work = self._work(self._writing or self._reading)
        return await self._backends.business.queries[query](work, **arguments)

    async def _query_elsewhere(self, http: Http, arguments: Mapping[str, Any]) -> list[Row]:
        declared = HttpCall(**http.model_dump())
        if self._writing is not None:
            # Others wait for the database as long as this call takes.
            declared = msgspec.structs.replace(declared, retries=0)
        post, secrets = self._backends.post, self._backends.secrets
        asked = {**arguments, **self._who_asks(declared)}
        return await ask(declared, asked, post=post, secrets=secrets)

    def _who_asks(self, declared: HttpCall) -> dict[str, str]:
        secrets = self._backends.secrets
        return told_as(declared, account=self._account, openid=self._openid, secrets=secrets)

    async def perform(self, action: Action, arguments: Mapping[str, Any], key: str) -> Row:
        """The result of an effect, performed once per key: a second time, the kept result."""
        connection = self._reading if action.http else await self.writing()
        if not action.http:
            # Of two who confirm at once, the later one finds what the first has done.
            await ledger.hold(connection, key)
        done = await ledger.find(connection, key)
        if done is not None:
            return done
        if action.http:
            name = action.http.url
            if not isinstance(action, Does):
                # What is done in passing is done again by the message that asks for it.
                await self._set_out()
            result = await self._perform_elsewhere(action.http, arguments, key)
        else:
            name = action.effect
            result = await self._perform_here(name, arguments, key)
        await ledger.record(
            await self.writing(),
            key=key,
            account=self._account,
            openid=self._openid,
            name=name,
            arguments=arguments,
            result=result,
            now=self._now,
        )
        return result

    async def notify(
        self, notice: str, facts: Mapping[str, Any], *, key: str, at: datetime
    ) -> None:
        """Leave a notice in the transaction of this turn."""
        work = self._work(await self.writing())
        await work.notify(notice, facts, key=key, at=at)

    async def withdraw(self, notice: str, *, key: str) -> None:
        """Take back a notice that has not been told yet."""
        await self._work(await self.writing()).withdraw(notice, key=key)

    async def follow(self, notice: str, about: str) -> None:
        """Let this customer be told this notice about this from now on."""
        await follows.follow(
            await self.writing(),
            account=self._account,
            openid=self._openid,
            notice=notice,
            about=about,
            now=self._now,
        )

    async def unfollow(self, notice: str, about: str) -> None:
        """Let this customer be told it no more."""
        await follows.unfollow(
            await self.writing(),
            account=self._account,
            openid=self._openid,
            notice=notice,
            about=about,
        )

    async def _perform_here(self, name: str, arguments: Mapping[str, Any], key: str) -> Row:
        connection = await self.writing()
        effect = self._backends.business.effects[name]
        # An effect that is refused half-way must not leave its first half in the transaction.
        async with connection.begin_nested():
            try:
                return await effect(self._work(connection, key), **arguments)
            except Counted as refusal:
                counted = refusal
        raise counted

    async def _perform_elsewhere(self, http: Http, arguments: Mapping[str, Any], key: str) -> Row:
        declared = HttpCall(**http.model_dump())
        post, secrets = self._backends.post, self._backends.secrets
        asked = {**arguments, **self._who_asks(declared)}
        return await call(declared, asked, key=key, post=post, secrets=secrets)

    async def _set_out(self) -> None:
        """Keep that the effect is on its way, before the call: a crash leaves the key as it is."""
        task = self.session.task
        if task is not None:
            if task.in_flight and task.in_flight_by == self._message:
                # Two workers with one message would move the session under each other for ever.
                return
            task.in_flight, task.in_flight_by = self._now, self._message
        async with self._store.writing() as connection:
            await self._save(connection)
            self.version += 1

    async def _save(self, connection: Connection) -> None:
        await sessions.save(
            connection,
            account=self._account,
            openid=self._openid,
            state=encode(self.session),
            version=self.version,
            now=self._now,
            due=self.session.due,
        )

    def _work(self, connection: Connection, key: str = "") -> Work:
        return Work(
            connection, self._now, self._account, self._openid, key, noticed=self._note_notice
        )

    def _note_notice(self) -> None:
        self.has_notified = True
