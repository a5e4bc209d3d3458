"""The endpoint of one Official Account: a push in, the body of the response out, within 5 seconds.

The platform drops a request after 5 seconds and sends it again, three requests in all. A repeat
joins the work of the first. When the work takes longer, a verified account says ``success`` and
answers by customer-service message; another holds the request until the third, then asks the
customer to write again, and the answer waits for that message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from engine.channels.wechat import outcomes, passive, perhaps, wire
from engine.channels.wechat.errors import ApiError
from engine.channels.wechat.gate import Gate, Query
from engine.channels.wechat.messages import Passive, Text
from engine.channels.wechat.passive import SUCCESS
from engine.channels.wechat.sender import Line
from engine.channels.wechat.telling import Telling, Typing
from engine.channels.wechat.work import Work, Works
from engine.limits import Limits, Verdict
from engine.message import Inbound, Reply
from engine.settings import Account
from engine.speech.errors import NotFetched
from engine.store import Store

log = structlog.get_logger(__name__)

#: How often the platform asks in all.
TRIES = 3


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

STILL_WORKING = "还在办理，请稍后发任意内容查看结果"
TOO_FAST = "您发得太快了，请慢一点，稍后再说。"
FAILED = "系统暂时出了点问题，请稍后再试。"


#: The bytes that the platform keeps under a media id.
Media = Callable[[str], Awaitable[bytes]]


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
        self._media = media
        self._telling = Telling(store, line, clock=clock, wake=wake, typing=typing)
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
                self._works.postpone(work, lambda: self._follow(inbound, work))
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
            replies = work.replies.result()
            is_old = self._is_as_old(inbound, self._pace.budget)
            return await self._works.once(
                work, lambda: self._telling.now(inbound, replies, is_old=is_old)
            )
        if not final and work.tries > number:
            # Nobody listens here any more: the request that came after has to say something.
            return None
        if work.late is None:
            await self._telling.promise(inbound)
        self._works.postpone(work, lambda: self._telling.later(inbound, work.replies))
        return None if self._may_write else Text(STILL_WORKING)

    async def _follow(self, inbound: Inbound, work: Work) -> None:
        await self._telling.promise(inbound)
        await self._telling.later(inbound, work.replies)

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

    def _xml(self, inbound: Inbound, message: Passive) -> str:
        return passive.render(
            message, openid=inbound.openid, account_id=self._account.id, now=self._clock()
        )
