"""The one place where messages change: pages hear of changes in the order of revisions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay import messages
from engine.relay.contacts import Contact
from engine.relay.content import Content
from engine.relay.database import Database
from engine.relay.live import Live
from engine.relay.messages import Direction, Message


class Journal:
    """Changes messages in a transaction and then tells of them. `clock` is seconds since 1970."""

    def __init__(self, database: Database, live: Live, clock: Callable[[], float]) -> None:
        self.database = database
        self._live = live
        self._clock = clock
        self._in_order = asyncio.Lock()

    @property
    def milliseconds(self) -> int:
        """Now, since 1970."""
        return int(self._clock() * 1000)

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[tuple[AsyncConnection, list[Message]]]:
        """A transaction, and a list of the messages to tell of when it is committed."""
        told: list[Message] = []
        async with self._in_order:
            async with self.database.writing() as connection:
                yield connection, told
            for message in told:
                if message.direction is not Direction.SILENT:
                    self._live.tell(message.terminal, message)

    async def put_down(
        self,
        connection: AsyncConnection,
        contact: Contact,
        content: Content,
        *,
        direction: Direction = Direction.DOWN,
        nonce: str = "",
    ) -> Message:
        """Keep what an account, or the platform itself, says to a terminal."""
        return await messages.put(
            connection,
            account=contact.account,
            terminal=contact.terminal,
            direction=direction,
            content=content,
            at=self.milliseconds,
            nonce=nonce,
        )
