"""How the answer to a message is told: in the response, or late; once, over all processes.

With it comes what waited for the customer. What does not fit into one response follows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from engine import late
from engine.channels.wechat import perhaps, promises
from engine.channels.wechat.errors import ApiError
from engine.channels.wechat.messages import Image, Passive, decode, encode
from engine.channels.wechat.promises import Promises
from engine.channels.wechat.sender import Line
from engine.message import Inbound, Reply
from engine.store import Conflict, Store, held, inbox, outbox
from engine.store.held import HELD
from engine.store.outbox import Outgoing

#: Answers to one customer at once are few; more clashes than this are a fault.
_CLASHES = 8

#: Lets a customer see that an answer is being written. Raises an `ApiError`.
Typing = Callable[[str], Awaitable[None]]

log = structlog.get_logger(__name__)


class Telling:
    """Of one account. ``wake`` tells the sender that something is due in the outbox."""

    def __init__(
        self,
        store: Store,
        line: Line,
        *,
        clock: Callable[[], datetime],
        wake: Callable[[], None],
        typing: Typing,
    ) -> None:
        self._store = store
        self._line = line
        self._clock = clock
        self._wake = wake
        self._typing = typing
        self._promises = Promises(store, clock=clock)

    async def promise(self, inbound: Inbound) -> None:
        """Let the customer hear something even if this process ends before the answer is there."""
        await self._promises.make(inbound, may_write=self._may_write)

    async def now(
        self, inbound: Inbound, replies: Sequence[Reply], *, is_old: bool
    ) -> tuple[Passive | None, bool]:
        """The passive reply, and whether telling it again would repeat a side effect.

        ``is_old``: other processes may have promised an answer to this message.
        """
        for _ in range(_CLASHES):
            try:
                return await self._once(inbound, replies, is_old=is_old)
            except Conflict:
                log.info("told by another process", account=inbound.account)
        raise Conflict("others kept telling a customer what this answer would")

    async def later(self, inbound: Inbound, answering: Awaitable[tuple[Reply, ...]]) -> None:
        """Tell by itself, or with the next message, what comes too late for a response."""
        meanwhile = self._show_typing if self._may_write else self._promises.keep_up
        waiting = asyncio.create_task(meanwhile(inbound))
        try:
            replies = await answering
        finally:
            waiting.cancel()
        due = self._clock() if self._may_write else HELD
        account, openid = inbound.account, inbound.openid
        async with self._store.writing() as connection:
            await outbox.withdraw(connection, account=account, openid=openid, message=inbound.key)
            if await inbox.tell(connection, inbound.key, encode(None)) is None:
                await late.put(connection, replies, account=account, openid=openid, due=due)
        self._wake()

    @property
    def _may_write(self) -> bool:
        return self._line.standing.may_write

    async def _once(
        self, inbound: Inbound, replies: Sequence[Reply], *, is_old: bool
    ) -> tuple[Passive | None, bool]:
        """As `now`. Raises `Conflict` when another answer took what waited for the customer."""
        told, waiting = await self._look(inbound)
        if told is not None:
            return decode(told), True
        message, rest = await self._compose(inbound, replies, waiting)
        if not waiting and not rest and not is_old:
            return message, False
        account, openid, due = inbound.account, inbound.openid, self._clock()
        async with self._store.writing() as connection:
            told = await inbox.tell(connection, inbound.key, encode(message))
            if told is None:
                await held.taken(connection, [row.id for row in waiting])
                await promises.told(connection, waiting, message=inbound.key)
                await late.put(connection, rest, account=account, openid=openid, due=due)
        self._wake()
        return message if told is None else decode(told), True

    async def _look(self, inbound: Inbound) -> tuple[bytes | None, list[Outgoing]]:
        """With what the message was answered, if it was, and what may be told with its answer."""
        account, openid = inbound.account, inbound.openid
        async with self._store.reading() as connection:
            told, waiting = await held.beside(
                connection, inbound.key, account=account, openid=openid
            )
            return told, await promises.due(connection, waiting, self._clock())

    async def _compose(
        self, inbound: Inbound, replies: Sequence[Reply], waiting: Sequence[Outgoing]
    ) -> tuple[Passive | None, Sequence[Reply]]:
        """What the response holds, and what has to follow it."""
        owed = late.replies(perhaps.owed(waiting, inbound))
        message, rest = self._line.composer.passive((*owed, *replies), follows=self._may_write)
        if message is None and rest and (media_id := await self._uploaded(inbound, rest[0])):
            return Image(media_id), rest[1:]
        return message, rest

    async def _uploaded(self, inbound: Inbound, reply: Reply) -> str | None:
        """The media id of a picture that need not be uploaded: there is no time for that here."""
        uploads, picture = self._line.uploads, reply.picture
        if uploads is None or picture is None:
            return None
        return await uploads.known(picture, openid=inbound.openid)

    async def _show_typing(self, inbound: Inbound) -> None:
        try:
            await self._typing(inbound.openid)
        except ApiError as error:
            log.debug("typing not shown", account=inbound.account, error=str(error))
