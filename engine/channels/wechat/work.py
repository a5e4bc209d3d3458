"""The messages in work, so that a repeat joins the first delivery and nothing is said twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from engine.channels.wechat.messages import Passive
from engine.message import Reply

#: Seconds for which an answer that may be given only once is remembered for repeats.
REMEMBERED = 60.0

Told = tuple[Passive | None, bool]


@dataclass(slots=True)
class Work:
    """One message: the turn that answers it, and how the answer gets told."""

    key: str
    replies: asyncio.Task[tuple[Reply, ...]]
    tries: int = 0
    told: asyncio.Task[Told] | None = None
    late: asyncio.Task[None] | None = None


class Works:
    """Work by the key of its message. Requests may be cancelled; the work goes on."""

    def __init__(self) -> None:
        self._works: dict[str, Work] = {}

    def join(self, key: str, start: Callable[[], Coroutine[Any, Any, tuple[Reply, ...]]]) -> Work:
        """The work for a message, begun by its first delivery; counts the deliveries."""
        work = self._works.get(key)
        if work is None:
            work = self._works[key] = Work(key, asyncio.create_task(start()))
            work.replies.add_done_callback(lambda _: self._forget_later(key))
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

    def _forget_later(self, key: str) -> None:
        asyncio.get_running_loop().call_later(REMEMBERED, self._works.pop, key, None)


def _has_failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
