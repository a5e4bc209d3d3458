"""Reading scripts and models anew while serving: on SIGHUP, or when their files change."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog

from engine.web.provider import Provider

#: Seconds between two looks at the files.
_PAUSE = 1.0

#: What is seen of files: their times and sizes by path.
Look = dict[Path, tuple[int, int]]
Pause = Callable[[], Awaitable[None]]

log = structlog.get_logger(__name__)


@asynccontextmanager
async def reloading(engine: Provider, *, watches: bool) -> AsyncIterator[None]:
    """While the block runs, SIGHUP reloads, and a change of a file as well if it ``watches``."""
    loop = asyncio.get_running_loop()
    asked: set[asyncio.Task[None]] = set()

    def ask() -> None:
        asked.add(asyncio.create_task(reload(engine)))

    loop.add_signal_handler(signal.SIGHUP, ask)
    watching = asyncio.create_task(watch(engine)) if watches else None
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        if watching is not None:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
        await asyncio.gather(*asked)


async def reload(engine: Provider) -> None:
    """Reload; what is not right is told, and everything stays as it was."""
    try:
        await engine.reload()
    except Exception as error:
        log.error("scripts and models are not right and stay as they were", error=str(error))


async def _sleep() -> None:
    await asyncio.sleep(_PAUSE)


async def watch(engine: Provider, *, pause: Pause = _sleep) -> None:
    """Reload whenever the files have changed and have then stood still for a pause."""
    loaded = before = look(engine.folders)
    while True:
        await pause()
        now = look(engine.folders)
        if now != loaded and now == before:
            await reload(engine)
            loaded = now
        before = now


def look(folders: frozenset[Path]) -> Look:
    """The files of some folders as they are now."""
    seen: Look = {}
    for folder in folders:
        for file in folder.iterdir() if folder.is_dir() else ():
            with suppress(FileNotFoundError):
                state = file.stat()
                seen[file] = (state.st_mtime_ns, state.st_size)
    return seen
