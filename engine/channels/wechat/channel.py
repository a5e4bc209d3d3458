"""The endpoint of one Official Account: a push in, the body of the response out, within 5 seconds.

The platform drops a request after 5 seconds and sends it again, three requests in all. A repeat
joins the work of the first. When the work takes longer, a verified account says ``success`` and
answers by customer-service message; another holds the request until the third, then asks the
customer to write again, and the answer waits for that message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from engine import late
from engine.channels.wechat import outcomes, passive, perhaps, wire
from engine.channels.wechat.errors import ApiError
from engine.channels.wechat.gate import Gate, Query
from engine.channels.wechat.messages import Image, Passive, Text, decode, encode
from engine.channels.wechat.passive import SUCCESS
from engine.channels.wechat.sender import Line
from engine.channels.wechat.work import Work, Works
from engine.limits import Limits, Verdict
from engine.message import Inbound, Reply
from engine.settings import Account
from engine.speech.errors import NotFetched
from engine.store import Conflict, Store, StoreError, held, inbox, outbox
from engine.store.held import HELD

log = structlog.get_logger(__name__)

#: How often the platform asks in all.
TRIES = 3

#: Answers to one customer at once are few; more clashes than this are a fault.
_CLASHES = 8


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. The platform waits for 5, and asks again at once: so at 0, 5 and 10.

    An answer must be on its way within the ``budget``. A request that is not the last one is held
    open for ``hold``; the platform has dropped it by then. A request this ``old`` is the last one,
    also for a process that has not seen those before it.
    """

    budget: float = 4.5
    hold: float = 8.0
    old: float = 9.5


PACE = Pace()

#: A late answer that is not there by then will not come any more: its process has died.
PATIENCE = timedelta(minutes=2)

STILL_WORKING = "还在办理，请稍后发任意内容查看结果"
UNANSWERED = "刚才那条没能回复您，抱歉。请说「再说一遍」，或者重新发一次。"
TOO_FAST = "您发得太快了，请慢一点，稍后再说。"
FAILED = "系统暂时出了点问题，请稍后再试。"


#: The bytes that the platform keeps under a media id.
Media = Callable[[str], Awaitable[bytes]]

#: Lets a customer see that an answer is being written. Raises an `ApiError`.
Typing = Callable[[str], Awaitable[None]]


class Takes(Protocol):
    """The engine's side: a message in, what to say out."""

    async def take(self, inbound: Inbound, fetch: Media | None = None) -> tuple[Reply, ...]:
        """The replies to a message; a repeat gets the same ones.

        ``fetch`` gives the recording of a voice message, or raises a `SpeechError`.
        """


class Channel:
    """One account. ``wake`` tells the sender that something is due in the outbox.

    ``line`` is how this account's replies are made, and what it may send. ``media`` gets what the
    platform keeps, or raises an `ApiError` or a `SpeechError`.
    """

    def __init__(
        self,
        account: Account,
        turns: Takes,
        store: Store,
        *,
        line: Line,
        clock: Callable[[], datetime],
        wake: Callable[[], None],
        media: Media,
        typing: Typing,
        pace: Pace = PACE,
        limits: Limits | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._account = account
        self._turns = turns
        self._store = store
        self._line = line
        self._clock = clock
        self._wake = wake
        self._media = media
        self._typing = typing
        self._pace = pace
        self._works = Works()
        self.gate = Gate(account, clock=clock)

    def verify(self, query: Query) -> str:
        """What to answer to the platform's verification of the address. Raises `WechatError`."""
        return self.gate.verify(query)

    async def receive(self, query: Query, body: bytes) -> str:
        """The response to a push: XML, or ``success``. Raises `CryptoError` or `Malformed`."""
        opened = self.gate.open(query, body)
        inbound = wire.read(opened.fields, account=self._account.name)
        if not wire.wants_turn(inbound):
            await self._note(inbound)
            return SUCCESS
        answer = await self._answer(inbound)
        return SUCCESS if answer is None else self.gate.close(opened, self._xml(inbound, answer))

    async def _note(self, inbound: Inbound) -> None:
        """Take what wants no answer."""
        if inbound.event == wire.OUTCOME:
            await outcomes.settle(self._store, inbound, now=self._clock())
        else:
            log.info("acknowledged", account=inbound.account, what=inbound.event or inbound.kind)

    async def finish(self) -> None:
        """Wait for all work in hand, so that its answers are kept. The caller sets the limit."""
        await self._works.finish()

    async def _answer(self, inbound: Inbound) -> Passive | None:
        work = self._works.join(inbound.key, lambda: self._take(inbound))
        is_last = work.tries >= TRIES or self._is_as_old(inbound, self._pace.old)
        try:
            answer = await self._in_time(inbound, work, is_last=is_last)
        except asyncio.CancelledError:
            # The platform has hung up. After its last request nobody comes for the answer.
            if is_last and work.told is None:
                self._works.postpone(work, lambda: self._tell_late(inbound, work))
            raise
        if is_last and work.late is None and not self._may_write:
            await perhaps.keep(self._store, inbound, work.replies.result())
        return answer

    async def _in_time(self, inbound: Inbound, work: Work, *, is_last: bool) -> Passive | None:
        number = work.tries
        final = self._may_write or is_last
        if work.late is None:
            patience = self._pace.budget if final else self._pace.hold
            await asyncio.wait({work.replies}, timeout=patience)
        if work.late is None and work.replies.done():
            return await self._works.once(work, lambda: self._tell(inbound, work.replies.result()))
        if not final and work.tries > number:
            # Nobody listens here any more: the request that came after has to say something.
            return None
        if self._may_write and work.late is None:
            await self._promise(inbound)
        self._works.postpone(work, lambda: self._tell_late(inbound, work))
        return None if self._may_write else Text(STILL_WORKING)

    @property
    def _may_write(self) -> bool:
        """Whether an answer can follow by itself: by the settings, and as the platform grants."""
        return self._line.standing.may_write

    def _is_as_old(self, inbound: Inbound, seconds: float) -> bool:
        return (self._clock() - inbound.at).total_seconds() >= seconds

    async def _take(self, inbound: Inbound) -> tuple[Reply, ...]:
        verdict = self._judge(inbound)
        if verdict is not Verdict.TAKE:
            log.warning("too fast", account=inbound.account, openid=inbound.openid[-6:])
            return (Reply(text=TOO_FAST),) if verdict is Verdict.TELL else ()
        try:
            return await self._turns.take(inbound, self._fetch)
        except Exception:
            # The customer must hear something, and the platform must not show "out of order".
            log.exception("turn failed", account=inbound.account, openid=inbound.openid[-6:])
            return (Reply(text=FAILED),)

    def _judge(self, inbound: Inbound) -> Verdict:
        if inbound.event == "unsubscribe":
            # Said once and never again: what is kept has to go.
            return Verdict.TAKE
        return self._limits.judge(inbound.account, inbound.openid)

    async def _fetch(self, media_id: str) -> bytes:
        try:
            return await self._media(media_id)
        except ApiError as error:
            log.warning("voice not fetched", account=self._account.name, error=str(error))
            raise NotFetched(str(error)) from error

    async def _tell(
        self, inbound: Inbound, replies: Sequence[Reply]
    ) -> tuple[Passive | None, bool]:
        """The passive reply, and whether telling it again would repeat a side effect."""
        for _ in range(_CLASHES):
            try:
                return await self._tell_once(inbound, replies)
            except Conflict:
                log.info("told by another process", account=inbound.account)
        raise Conflict("others kept telling a customer what this answer would")

    async def _tell_once(
        self, inbound: Inbound, replies: Sequence[Reply]
    ) -> tuple[Passive | None, bool]:
        """As `_tell`. Raises `Conflict` when another answer took what waited for the customer."""
        account, openid = inbound.account, inbound.openid
        async with self._store.reading() as connection:
            told, waiting = await held.beside(
                connection, inbound.key, account=account, openid=openid
            )
        if told is not None:
            return decode(told), True
        owed = perhaps.owed(waiting, inbound)
        message, rest = self._line.composer.passive(
            (*late.replies(owed), *replies), follows=self._may_write
        )
        if message is None and rest and (media_id := await self._uploaded(inbound, rest[0])):
            message, rest = Image(media_id), rest[1:]
        if not waiting and not rest and not self._is_as_old(inbound, self._pace.budget):
            return message, False
        async with self._store.writing() as connection:
            told = await inbox.tell(connection, inbound.key, encode(message))
            if told is None:
                await held.taken(connection, [row.id for row in waiting])
                due = self._clock()
                await late.put(connection, rest, account=account, openid=openid, due=due)
        self._wake()
        return message if told is None else decode(told), True

    async def _uploaded(self, inbound: Inbound, reply: Reply) -> str | None:
        """The media id of a picture that need not be uploaded: there is no time for that here."""
        uploads, picture = self._line.uploads, reply.picture
        if uploads is None or picture is None:
            return None
        return await uploads.known(picture, openid=inbound.openid)

    async def _promise(self, inbound: Inbound) -> None:
        """Let the customer hear something even if this process ends: nobody asks it any more."""
        try:
            async with self._store.writing() as connection:
                await late.put(
                    connection,
                    (Reply(text=UNANSWERED),),
                    account=inbound.account,
                    openid=inbound.openid,
                    due=self._clock() + PATIENCE,
                    key=inbound.key,
                )
        except (SQLAlchemyError, StoreError):
            log.exception("late answer not promised", account=inbound.account)

    async def _tell_late(self, inbound: Inbound, work: Work) -> None:
        typing = asyncio.create_task(self._show_typing(inbound.openid))
        replies = await work.replies
        typing.cancel()
        due = self._clock() if self._may_write else HELD
        account, openid = inbound.account, inbound.openid
        async with self._store.writing() as connection:
            await outbox.withdraw(connection, account=account, openid=openid, key=inbound.key)
            if await inbox.tell(connection, inbound.key, encode(None)) is None:
                await late.put(connection, replies, account=account, openid=openid, due=due)
        self._wake()

    async def _show_typing(self, openid: str) -> None:
        if not self._may_write:
            return
        try:
            await self._typing(openid)
        except ApiError as error:
            log.debug("typing not shown", account=self._account.name, error=str(error))

    def _xml(self, inbound: Inbound, message: Passive) -> str:
        return passive.render(
            message, openid=inbound.openid, account_id=self._account.id, now=self._clock()
        )
