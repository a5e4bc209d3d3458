"""A sound that is still coming in, and the text of it so far."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from engine.speech.errors import Busy
from engine.speech.heard import Heard
from engine.speech.hearing.listening import Listening
from engine.speech.hearing.threads import Result, Stopped, Threads


class Stream:
    """One utterance, heard piece by piece.

    >>> async with recognizer.stream(expected) as stream:
    ...     async for samples in microphone:
    ...         show(await stream.feed(samples))
    ...     heard = await stream.finish()
    """

    def __init__(
        self,
        begin: Callable[[], Listening],
        threads: Threads,
        *,
        patience: float,
        ended: Callable[[], None],
    ) -> None:
        self._begin = begin
        self._threads = threads
        self._patience = patience
        self._ended = ended
        self._listening: Listening | None = None
        self._one_at_a_time = asyncio.Lock()
        self._open = True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    async def feed(self, samples: bytes) -> str:
        """Listen to more, and tell the text so far, which may still change.

        ``samples`` are as in `Sound`, whole ones. Raises `TooSlow` or `Busy`; either ends the
        stream.
        """

        def work(listening: Listening, stopped: Stopped) -> str:
            listening.feed(samples, stopped)
            return listening.partial()

        return await self._run(work)

    async def finish(self) -> Heard:
        """What was said, as `Recognizer.hear` tells it; the stream is closed."""
        try:
            return await self._run(Listening.finish)
        finally:
            self.close()

    def close(self) -> None:
        """Forget the sound; may be called again."""
        if self._open:
            self._open = False
            self._listening = None
            self._ended()

    async def _run(self, work: Callable[[Listening, Stopped], Result]) -> Result:
        async with self._one_at_a_time:
            if not self._open:
                raise Busy(waiting=0)
            try:
                return await self._threads.run(
                    lambda stopped: work(self._heard_so_far(), stopped), patience=self._patience
                )
            except BaseException:
                # Work that was given up may still be at its last chunk.
                self.close()
                raise

    def _heard_so_far(self) -> Listening:
        """Begun on a thread of the pool: a grammar takes milliseconds to build."""
        if self._listening is None:
            self._listening = self._begin()
        return self._listening
