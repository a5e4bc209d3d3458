"""A few threads for work that nobody may want any more before it is done."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias, TypeVar

from engine.speech.errors import Busy, TooSlow

Result = TypeVar("Result")

#: Says whether to give up; work asks it every few milliseconds.
Stopped: TypeAlias = Callable[[], bool]


class GivenUp(Exception):
    """Work ends with it when it was told to give up."""


class Threads:
    """At most ``workers`` works at once, at most ``most_waiting`` wait; for one event loop."""

    def __init__(self, *, workers: int, most_waiting: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="hearing")
        self._free = asyncio.Semaphore(workers)
        self._most_waiting = most_waiting
        self._waiting = 0
        self._closed = threading.Event()

    async def run(self, work: Callable[[Stopped], Result], *, patience: float) -> Result:
        """The result of work; ``patience`` is in seconds and includes the waiting.

        Raises `TooSlow` when the work did not end in time, and `Busy` when it did not begin.
        """
        given_up = threading.Event()
        began = False
        try:
            async with asyncio.timeout(patience):
                await self._turn()
                began = True
                return await self._job(work, lambda: given_up.is_set() or self._closed.is_set())
        except TimeoutError:
            error = TooSlow(limit=patience) if began else Busy(waiting=self._waiting)
            raise error from None
        finally:
            given_up.set()

    async def aclose(self) -> None:
        """Give up what is being done, refuse what waits."""
        self._closed.set()
        await asyncio.to_thread(self._pool.shutdown)

    async def _turn(self) -> None:
        if self._closed.is_set() or self._waiting >= self._most_waiting:
            raise Busy(waiting=self._waiting)
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        if self._closed.is_set():
            self._free.release()
            raise Busy(waiting=self._waiting)

    async def _job(self, work: Callable[[Stopped], Result], stopped: Stopped) -> Result:
        job = asyncio.get_running_loop().run_in_executor(self._pool, _outcome, work, stopped)
        # Not before it has noticed that nobody waits for it is the thread free.
        job.add_done_callback(lambda _: self._free.release())
        outcome = await asyncio.shield(job)
        if isinstance(outcome, GivenUp):
            raise Busy(waiting=self._waiting)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def _outcome(work: Callable[[Stopped], Result], stopped: Stopped) -> Result | Exception:
    """An error as a value: whoever would have fetched it may be gone."""
    try:
        return work(stopped)
    except Exception as error:
        return error
