"""The messages in work, so that a repeat joins the first delivery and nothing is said twice."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from engine.channels.wechat.messages import Passive
from engine.message import Reply

#: Seconds for which an answer that may be given only once is remembered for repeats.
REMEMBERED = 60.0

Told = tuple[Passive | None, bool]


@dataclass(slots=True)
class Work:
    """One message: the turn that answers it, since when it does, and how the answer gets told."""

    key: str
    replies: asyncio.Task[tuple[Reply, ...]]
    tries: int = 0
    told: asyncio.Task[Told] | None = None
    late: asyncio.Task[None] | None = None
    answered_at: float | None = None


class Works:
    """Work by the key of its message. Requests may be cancelled; the work goes on.

    ``clock`` gives seconds that only grow.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._works: OrderedDict[str, Work] = OrderedDict()

    def __len__(self) -> int:
        return len(self._works)

    def join(self, key: str, start: Callable[[], Coroutine[Any, Any, tuple[Reply, ...]]]) -> Work:
        """The work for a message, begun by its first delivery; counts the deliveries."""
        self._forget()
        work = self._works.get(key)
        if work is None:
            work = self._works[key] = Work(key, asyncio.create_task(start()))
            work.replies.add_done_callback(partial(self._answered, work))
        work.tries += 1
        return work

    async def once(
        self, work: Work, tell: Callable[[], Coroutine[Any, Any, Told]]
    ) -> Passive | None:
        """What the first call of ``tell`` for this work gives; one that failed counts for none."""
        if work.told is None or _has_failed(work.told):
            work.told = asyncio.create_task(tell())
        message, is_unique = await asyncio.shield(work.told)
        if not is_unique:
            # The turn keeps its answer for repeats; nothing here adds to it.
            self._works.pop(work.key, None)
        return message

    def postpone(self, work: Work, tell: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Let ``tell`` tell the answer when it is there; only once."""
        if work.late is None:
            work.late = asyncio.create_task(tell())

    async def finish(self) -> None:
        """Wait until nothing is in work."""
        while pending := [task for task in self._tasks() if not task.done()]:
            await asyncio.wait(pending)

    def _tasks(self) -> list[asyncio.Future[Any]]:
        tasks = [
            task for work in self._works.values() for task in (work.replies, work.told, work.late)
        ]
        return [task for task in tasks if task is not None]

    def _answered(self, work: Work, replies: asyncio.Task[tuple[Reply, ...]]) -> None:
        work.answered_at = self._clock()

    def _forget(self) -> None:
        """Let go of what was answered long ago, the oldest first.

        No timers do this: each would hold the context of its request, and so the request.
        """
        long_ago = self._clock() - REMEMBERED
        while self._works:
            work = next(iter(self._works.values()))
            if work.answered_at is None or work.answered_at > long_ago:
                return
            self._works.popitem(last=False)


def _has_failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
