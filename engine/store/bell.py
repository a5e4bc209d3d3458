"""Telling those who wait for work that there may be some, within one process."""

from __future__ import annotations

import asyncio


class Bell:
    """Rung when something was kept that is due at once; nobody has to hear it.

    Other processes do not hear it: who waits looks again after a while anyway.
    """

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Wake all who listen."""
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    def listen(self) -> asyncio.Event:
        """What is set at the next ring. Taken before looking for work, it misses nothing."""
        return self._next


async def rest(until: asyncio.Event, *, seconds: float) -> None:
    """Wait for a ring, or for as long as `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            await until.wait()
    except TimeoutError:
        return
