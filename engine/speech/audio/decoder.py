"""Uploads to sound, a few at a time, whatever the uploads are."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import structlog

from engine.speech.audio.process import WORKER, Died, Worker
from engine.speech.audio.sound import Limits, Sound
from engine.speech.errors import BadUpload, Busy, Damaged, NotAudio, TooBig, TooSlow

log = structlog.get_logger()


class Decoder:
    """A small pool of processes that decode, each one upload after the other.

    A process that hangs or dies costs the upload it was busy with; the next one that needs it
    gets a new process, and so it does after `lifetime` uploads, because damaged ones leave memory
    behind in FFmpeg. Belongs to one event loop.

    >>> async with Decoder() as decoder:
    ...     sound = await decoder.decode(upload)
    """

    def __init__(
        self,
        *,
        limits: Limits = Limits(),  # noqa: B008 - a frozen value
        workers: int = 2,
        most_waiting: int = 32,
        lifetime: int = 500,
        program: Sequence[str] = WORKER,
    ) -> None:
        self.limits = limits
        self._program = program
        self._workers = workers
        self._most_waiting = most_waiting
        self._lifetime = lifetime
        self._free = asyncio.Semaphore(workers)
        self._idle: list[Worker] = []
        self._waiting = 0
        self._closed = False

    async def __aenter__(self) -> Self:
        """Start a first process, so that a broken installation shows at once."""
        self._idle.append(await self._start())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def pids(self) -> list[int]:
        """The processes that have nothing to do now."""
        return [worker.pid for worker in self._idle]

    async def decode(self, upload: bytes) -> Sound:
        """The sound in an upload; whoever asks may be cancelled at any time.

        Raises a `BadUpload` for what cannot be heard, `Busy` when too many wait or after `close`,
        `NotWorking` when no process comes up. Waiting for a free process is not limited here.
        """
        if len(upload) > self.limits.upload_bytes:
            raise TooBig(size=len(upload), limit=self.limits.upload_bytes)
        if not upload:
            raise NotAudio(found="nothing")
        await self._wait_for_turn()
        try:
            answer = await self._answer(upload)
        finally:
            self._free.release()
        if isinstance(answer, Sound):
            return answer
        raise answer

    async def close(self) -> None:
        """Finish what is being decoded, refuse what waits, end the processes."""
        self._closed = True
        for _ in range(self._workers):
            await self._free.acquire()
        workers, self._idle = self._idle, []
        await asyncio.gather(*(worker.end() for worker in workers))
        for _ in range(self._workers):
            self._free.release()

    async def _wait_for_turn(self) -> None:
        if self._closed or self._waiting >= self._most_waiting:
            raise Busy(waiting=self._waiting)
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        if self._closed:
            self._free.release()
            raise Busy(waiting=self._waiting)

    async def _worker(self) -> Worker:
        while self._idle:
            if (worker := self._idle.pop()).is_alive:
                return worker
            log.warning("audio_worker_gone", pid=worker.pid)
        return await self._start()

    async def _start(self) -> Worker:
        return await Worker.start(self._program, self.limits)

    async def _answer(self, upload: bytes) -> Sound | BadUpload:
        for _ in range(2):
            worker = await self._worker()
            try:
                return await self._ask(worker, upload)
            except Died as death:
                log.warning("audio_worker_died", status=death.status, words=death.words)
                # Not the upload's doing: the kernel, short of memory, or a person killed it.
                if death.status != -signal.SIGKILL:
                    break
        raise Damaged(reason="decoding it ends the process")

    async def _ask(self, worker: Worker, upload: bytes) -> Sound | BadUpload:
        try:
            async with asyncio.timeout(self.limits.patience):
                answer = await worker.ask(upload)
        except TimeoutError:
            log.warning("audio_too_slow", size=len(upload))
            await worker.kill()
            return TooSlow(limit=self.limits.patience)
        except BaseException:
            await worker.kill()
            raise
        if worker.asked < self._lifetime:
            self._idle.append(worker)
        else:
            await worker.end()
        return answer
