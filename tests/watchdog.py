"""Ends a process of tests that nothing else can end, and says where it stood.

pytest-timeout raises in the main thread, once: an event loop may swallow that, and what a failed
test does on its way out is not timed at all.
"""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import pytest

#: Seconds: more than the timeout of a test, which tells more about one test.
PATIENCE = 360.0


def watch(config: pytest.Config, patience: float = PATIENCE) -> None:
    """Let a process of pytest be looked after; who says ``--timeout 0`` has tests of any length."""
    if config.getoption("timeout") != 0:
        config.pluginmanager.register(Watchdog(patience), "watchdog")


class Watchdog:
    """Looks after one process of pytest, each of xdist's too."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        # Nobody reads what a test writes before its end; this is taken before that begins.
        self._told = os.fdopen(os.dup(2), "w")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        timer = threading.Timer(self._patience, give_up, [item.nodeid, self._told])
        timer.daemon = True
        timer.start()
        try:
            return (yield)
        finally:
            timer.cancel()


def give_up(test: str, told: TextIO) -> None:
    """Tell the stacks of all threads and tasks, and end this process with all that it began."""
    print(f"\nno end of {test}", file=told, flush=True)
    faulthandler.dump_traceback(told)
    for task in [each for each in gc.get_objects() if isinstance(each, asyncio.Task)]:
        if not task.done():
            task.print_stack(file=told)
    told.flush()
    for pid in descendants(os.getpid()):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    os._exit(1)


def descendants(pid: int) -> list[int]:
    """The processes that a process began, theirs included, as Linux tells them."""
    found: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, children.read_text().split()):
                found += [child, *descendants(child)]
    return found
