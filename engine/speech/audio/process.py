"""One decoding process, seen from outside."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path

import msgspec

import engine
from engine.speech.audio import wire
from engine.speech.audio.sound import Limits, Sound
from engine.speech.errors import BadUpload, NotWorking

#: What runs in the process: `-P`, so that no file of the working directory is imported.
WORKER = (sys.executable, "-P", "-m", "engine.speech.audio.worker")

#: Seconds until a process must be ready; it takes 0.2 s on an idle machine.
_START = 30.0
#: Seconds that a process may take to end by itself.
_END = 1.0
#: Bytes of what it says on standard error that are kept, when it dies.
_WORDS = 4096
#: Bytes of an answer beside its samples.
_BESIDE = 4096


class Died(Exception):
    """A process ended while it was asked.

    ``status`` is its exit status, negative for a signal; ``words`` are its last on standard error.
    """

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"ended with {status} {words}".rstrip())
        self.status = status
        self.words = words


class Worker:
    """A running process that decodes one upload at a time."""

    def __init__(self, process: Process, limits: Limits) -> None:
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        assert process.stderr is not None  # noqa: S101
        self._process = process
        self._in = process.stdin
        self._out = process.stdout
        self._errors = process.stderr
        self._most = limits.most_bytes + _BESIDE
        self.asked = 0

    @classmethod
    async def start(cls, program: Sequence[str], limits: Limits) -> Worker:
        """A new process, ready; raises `NotWorking`."""
        try:
            process = await asyncio.create_subprocess_exec(
                *program,
                msgspec.json.encode(limits).decode(),
                stdin=PIPE,
                stdout=PIPE,
                # Not ours: it may be a file, and the process may write to none.
                stderr=PIPE,
                env={"PYTHONPATH": str(Path(engine.__file__).parents[1])},
                # A Ctrl-C at the terminal is for us; the process ends when its input does.
                start_new_session=True,
            )
        except OSError as error:
            raise NotWorking(f"no decoding process can be started: {error}") from error
        worker = cls(process, limits)
        try:
            await worker._be_ready()
        except BaseException:
            await worker.kill()
            raise
        return worker

    async def _be_ready(self) -> None:
        try:
            async with asyncio.timeout(_START):
                said = await self._receive()
        except (TimeoutError, Died) as error:
            raise NotWorking(f"no decoding process came up: {error}") from error
        if said != wire.READY:
            raise NotWorking("what came up is no decoding process")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def ask(self, upload: bytes) -> Sound | BadUpload:
        """The sound of an upload, or why there is none; raises `Died`.

        After a cancellation the process is out of step and can only be killed.
        """
        self.asked += 1
        try:
            self._in.write(wire.framed(upload))
            await self._in.drain()
        except ConnectionError as error:
            raise await self._death() from error
        return wire.unpacked(await self._receive())

    async def end(self) -> None:
        """Let the process end by itself, as it does when nothing more comes in."""
        self._in.close()
        try:
            async with asyncio.timeout(_END):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        if self.is_alive:
            self._process.kill()
        await self._process.wait()

    async def _receive(self) -> bytes:
        try:
            (length,) = wire.LENGTH.unpack(await self._out.readexactly(wire.LENGTH.size))
            if length > self._most:
                await self.kill()
                raise Died(0, f"by us, for an answer of {length} bytes")
            return await self._out.readexactly(length)
        except asyncio.IncompleteReadError as error:
            raise await self._death() from error

    async def _death(self) -> Died:
        words = (await self._errors.read())[-_WORDS:]
        return Died(await self._process.wait(), words.decode(errors="replace").strip())
