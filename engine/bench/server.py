"""A server in a process of its own, on a port of its own, for the length of a measurement."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.bench import memory

_SERVES = re.compile(r"(?:serves at|banli relay:) (http://127\.0\.0\.1:\d+)")
_START = 60.0


class BenchError(Exception):
    """A measurement could not be made; the message says why, on one line."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a running server is, and its first process."""

    url: str
    pid: int

    def forks(self) -> list[int]:
        """The processes made of it by fork that serve with it; not the other programs it runs."""
        told = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [pid for pid in map(int, told.split()) if _program(pid) == _program(self.pid)]

    def cpu_seconds(self) -> float:
        """CPU time so far, in user and system, of all threads of all that serve."""
        return sum(map(_cpu_seconds, (self.pid, *self.forks())))

    def resident(self) -> float:
        """MB in memory: all of the first process, and what its forks do not share."""
        return memory.resident(self.pid) + sum(map(memory.private, self.forks()))


def _program(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _cpu_seconds(pid: int) -> float:
    # The name in brackets may hold spaces: count from behind it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def running(
    arguments: Sequence[str], environment: Mapping[str, str]
) -> AsyncIterator[Server]:
    """Run Python with ``arguments`` until the block ends; the server tells its address itself.

    Raises `BenchError` with the server's last words when it does not start.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env={**os.environ, **environment},
        stderr=asyncio.subprocess.STDOUT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_START):
            url = await _address(process)
        draining = asyncio.create_task(_drain(process))
        yield Server(url, process.pid)
        draining.cancel()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    last = ""
    while line := await _line(process):
        told = _SERVES.search(line)
        if told:
            return told[1]
        last = line
    # A signal to a process that ends by itself would race with its being waited for.
    await process.wait()
    raise BenchError(f"the server did not start: {last.strip() or 'it said nothing'}")


async def _drain(process: asyncio.subprocess.Process) -> None:
    while await _line(process):
        pass


async def _line(process: asyncio.subprocess.Process) -> str:
    return (await process.stdout.readline()).decode() if process.stdout else ""
