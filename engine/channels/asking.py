"""Messages that come under ids of their senders: each is worked on once and answered once."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import structlog

from engine.channels.errors import Failed, Reused, TooFast
from engine.limits import Limits, Verdict
from engine.store import Store, asked

#: Seconds for which a request waits for its answer.
BUDGET = 10.0
#: Seconds that a stopping server gives to the work in hand.
GRACE = 10.0

#: What comes of a message.
Outcome = TypeVar("Outcome")

log = structlog.get_logger(__name__)


class Asked(Protocol):
    """A message; ``digest`` is equal for every sending of the same one."""

    @property
    def id(self) -> str:
        """Its sender's own name for it."""

    @property
    def customer(self) -> str:
        """Who says it."""

    @property
    def digest(self) -> str:
        """Equal for equal messages."""


class Asking(Generic[Outcome]):
    """The work on messages of some accounts in this process; a repeat joins it.

    ``budget`` is how many seconds a request waits. ``limits`` say who writes too fast.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime],
        limits: Limits | None = None,
        budget: float = BUDGET,
    ) -> None:
        self._store = store
        self._clock = clock
        self._limits = limits or Limits()
        self._budget = budget
        self._working: dict[tuple[str, str], asyncio.Task[Outcome]] = {}

    async def kept(self, account: str, message: Asked) -> bytes | None:
        """The answer of before, None while there is none. Raises `Reused` and `TooFast`."""
        if self._limits.judge(account, message.customer) is not Verdict.TAKE:
            raise TooFast("wait a little before the next message")
        known = await asked.ask(
            self._store,
            account=account,
            id=message.id,
            openid=message.customer,
            digest=message.digest,
            now=self._clock(),
        )
        if not hmac.compare_digest(known.digest, message.digest):
            raise Reused("this id was used for another message; take a new one")
        return known.answer

    async def work(
        self, account: str, message: Asked, start: Callable[[], Coroutine[Any, Any, Outcome]]
    ) -> asyncio.Task[Outcome]:
        """The work on a message, begun by its first sending; done, unless it takes too long.

        Raises `Failed`.
        """
        key = (account, message.id)
        work = self._working.get(key)
        if work is None:
            work = self._working[key] = asyncio.create_task(start())
            work.add_done_callback(lambda done: self._end(key, done))
        await asyncio.wait({work}, timeout=self._budget)
        if work.done() and isinstance(error := work.exception(), Exception):
            raise Failed("nothing was done; send it again") from error
        return work

    async def finish(self) -> None:
        """Wait for the work in hand, but not for ever."""
        if self._working:
            await asyncio.wait(self._working.values(), timeout=GRACE)

    def _end(self, key: tuple[str, str], work: asyncio.Task[Outcome]) -> None:
        self._working.pop(key, None)
        if not work.cancelled() and (error := work.exception()) is not None:
            log.error("turn failed", account=key[0], exc_info=error)
