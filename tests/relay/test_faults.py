"""Fault switches: what a provider sees of them, and that customers get one answer all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.relay.errors import RelayError
from engine.relay.faults import HELD_BACK, Faults, parse


def once() -> Callable[[], float]:
    """A chance that strikes the first time that it can, and never again."""
    numbers: Iterator[float] = iter([0.0])
    return lambda: next(numbers, 1.0)


async def test_a_dropped_answer_is_asked_for_again_and_shown_once(
    open_provider: Any, open_relay: Any, tmp_path: Path
) -> None:
    # Each request draws for three faults; all answers of the first tries are lost.
    draws = iter([1.0, 1.0, 1.0, 1.0, 1.0, 0.0])
    faults = Faults(drop=0.5, chance=lambda: next(draws, 1.0))
    async with open_provider() as provider, open_relay(provider, tmp_path, faults=faults) as relay:
        await relay.terminal.post("/api/follow", number="banli")
        await provider.until(1)
        provider.says("第一次")
        provider.says("第二次")
        await relay.terminal.say("在吗", "nonce-0001")
        await relay.terminal.hears("第二次")
        _, told = await relay.terminal.get("/api/history?account=demo")

    assert provider.requests[1][1] == provider.requests[2][1]
    assert [each["direction"] for each in told["messages"]] == ["up", "up", "down"]


async def test_a_duplicated_request_comes_twice_at_once_and_is_answered_once(
    open_provider: Any, open_relay: Any, tmp_path: Path
) -> None:
    faults = Faults(duplicate=1.0)
    async with open_provider() as provider, open_relay(provider, tmp_path, faults=faults) as relay:
        await relay.terminal.post("/api/follow", number="banli")
        await provider.until(2)
        provider.says("答")
        provider.says("答")
        await relay.terminal.say("问", "nonce-0001")
        await relay.terminal.hears("答")
        _, told = await relay.terminal.get("/api/history?account=demo")

    assert provider.requests[2] == provider.requests[3]
    assert [each["direction"] for each in told["messages"]] == ["up", "up", "down"]


def test_reordering_holds_a_message_back_before_its_first_try_only() -> None:
    assert Faults(reorder=1.0).before(1) == HELD_BACK
    assert Faults(reorder=1.0).before(2) == 0
    assert Faults(delay=1.5, reorder=0.5, chance=once()).before(1) == 1.5 + HELD_BACK
    assert Faults(delay=1.5).before(3) == 1.5


def test_faults_are_given_as_options() -> None:
    faults = parse(["drop=0.3", "delay=2"])
    assert (faults.drop, faults.delay, faults.duplicate, faults.reorder) == (0.3, 2.0, 0.0, 0.0)


@pytest.mark.parametrize("switch", ["drop", "drop=2", "drop=-1", "drop=nan", "chance=1", "x=1"])
def test_a_fault_that_makes_no_sense_is_named(switch: str) -> None:
    with pytest.raises(RelayError, match=f"--fault {switch}: "):
        parse([switch])
