"""Work on threads: bounded, given up in time, closed in order."""

from __future__ import annotations

import asyncio
import threading

import pytest

from engine.speech.errors import Busy, TooSlow, Unheard
from engine.speech.hearing.threads import GivenUp, Stopped, Threads

LONG = 60.0


def until_stopped(stopped: Stopped) -> str:
    """Looks up between steps that take a moment each, as decoding does."""
    pause = threading.Event()
    while not stopped():
        pause.wait(0.001)
    raise GivenUp


class Gate:
    """Work that begins, says so, and waits to be let through."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.opened = threading.Event()

    def __call__(self, stopped: Stopped) -> str:
        self.begun.set()
        self.opened.wait()
        return "done"


async def has_begun(gate: Gate) -> None:
    await asyncio.to_thread(gate.begun.wait)


@pytest.fixture
def threads() -> Threads:
    return Threads(workers=1, most_waiting=1)


async def test_work_gives_its_result(threads: Threads) -> None:
    assert await threads.run(lambda stopped: 42, patience=LONG) == 42
    await threads.aclose()


async def test_work_gives_its_error(threads: Threads) -> None:
    def work(stopped: Stopped) -> None:
        raise Unheard(seconds=1)

    with pytest.raises(Unheard):
        await threads.run(work, patience=LONG)
    await threads.aclose()


async def test_work_that_takes_too_long_is_given_up_and_its_thread_is_free_again(
    threads: Threads,
) -> None:
    with pytest.raises(TooSlow):
        await threads.run(until_stopped, patience=0.01)
    assert await threads.run(lambda stopped: "next", patience=LONG) == "next"
    await threads.aclose()


async def test_whoever_is_cancelled_leaves_no_work_behind(threads: Threads) -> None:
    waiting = asyncio.create_task(threads.run(until_stopped, patience=LONG))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await threads.run(lambda stopped: "next", patience=LONG) == "next"
    await threads.aclose()


async def test_too_many_waiting_is_busy_at_once(threads: Threads) -> None:
    gate = Gate()
    first = asyncio.create_task(threads.run(gate, patience=LONG))
    await has_begun(gate)
    second = asyncio.create_task(threads.run(gate, patience=LONG))
    await asyncio.sleep(0)
    with pytest.raises(Busy, match="1 are waiting"):
        await threads.run(gate, patience=LONG)
    gate.opened.set()
    assert await asyncio.gather(first, second) == ["done", "done"]
    await threads.aclose()


async def test_waiting_longer_than_ones_patience_is_busy_and_not_slow(threads: Threads) -> None:
    gate = Gate()
    first = asyncio.create_task(threads.run(gate, patience=LONG))
    await has_begun(gate)
    with pytest.raises(Busy):
        await threads.run(gate, patience=0.01)
    gate.opened.set()
    assert await first == "done"
    await threads.aclose()


async def test_a_thread_that_does_not_stop_at_once_is_not_used_meanwhile(threads: Threads) -> None:
    gate = Gate()
    with pytest.raises(TooSlow):
        await threads.run(gate, patience=0.01)
    with pytest.raises(Busy):
        await threads.run(lambda stopped: "next", patience=0.01)
    gate.opened.set()
    assert await threads.run(lambda stopped: "next", patience=LONG) == "next"
    await threads.aclose()


async def test_closing_gives_up_what_is_being_done_and_refuses_what_comes(
    threads: Threads,
) -> None:
    begun = threading.Event()

    def work(stopped: Stopped) -> str:
        begun.set()
        return until_stopped(stopped)

    working = asyncio.create_task(threads.run(work, patience=LONG))
    await asyncio.to_thread(begun.wait)
    waiting = asyncio.create_task(threads.run(work, patience=LONG))
    await asyncio.sleep(0)
    await threads.aclose()
    for task in (working, waiting):
        with pytest.raises(Busy):
            await task
    with pytest.raises(Busy):
        await threads.run(work, patience=LONG)
