"""Who writes too fast is told so once, and hurts nobody else."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from engine.channels.wechat.channel import TOO_FAST
from engine.limits import ACCOUNT, CUSTOMER, Limits, Rate, Verdict
from engine.settings import Settings
from engine.web.serve import limits_of
from tests.web.fakes import ScriptedTurns, account

TAKE, TELL, DROP = Verdict.TAKE, Verdict.TELL, Verdict.DROP


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def limits(clock: Clock, *, everybody: float = 100) -> Limits:
    return Limits(customer=Rate(4, 1), account=Rate(everybody, 1), clock=clock)


def in_another_process(work: Callable[[], object]) -> None:
    """Do it there, and die without cleaning up."""
    pid = os.fork()
    if not pid:
        work()
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0


def test_who_is_too_fast_is_told_once_and_then_met_with_silence(clock: Clock) -> None:
    bound = limits(clock)
    assert [bound.judge("a", "o") for _ in range(7)] == [TAKE] * 4 + [TELL, DROP, DROP]
    assert bound.judge("a", "other") is TAKE


def test_who_waits_is_heard_again_and_told_again_only_after_a_rest(clock: Clock) -> None:
    bound = limits(clock)
    for _ in range(5):
        bound.judge("a", "o")
    clock.now += 1
    assert [bound.judge("a", "o") for _ in range(2)] == [TAKE, DROP]
    clock.now += 3
    assert [bound.judge("a", "o") for _ in range(4)] == [TAKE] * 3 + [TELL]


def test_an_account_has_a_limit_of_its_own(clock: Clock) -> None:
    bound = limits(clock, everybody=3)
    assert [bound.judge("a", f"o{n}") for n in range(5)] == [TAKE] * 3 + [TELL] * 2
    assert bound.judge("b", "o0") is TAKE


def test_who_has_not_written_for_longest_is_forgotten_first(clock: Clock) -> None:
    bound = Limits(customer=Rate(1, 0), account=Rate(100, 1), clock=clock, remembered=8)
    for number in range(9):
        clock.now += 1
        assert bound.judge("a", f"o{number}") is TAKE
    assert bound.judge("a", "o8") is TELL
    assert bound.judge("a", "o1") is TELL
    assert bound.judge("a", "o0") is TAKE


def test_processes_made_by_fork_count_together(clock: Clock) -> None:
    bound = limits(clock)
    assert bound.judge("a", "o") is TAKE
    in_another_process(lambda: [bound.judge("a", "o") for _ in range(3)])
    assert bound.judge("a", "o") is TELL


def test_a_process_that_dies_while_it_counts_keeps_nobody_waiting(clock: Clock) -> None:
    bound = limits(clock)
    in_another_process(bound._customers.alone().__enter__)
    assert bound.judge("a", "o") is TAKE


def test_the_settings_set_them_and_say_the_same_as_the_module() -> None:
    plain = limits_of(Settings())
    assert (plain.customer, plain.account) == (CUSTOMER, ACCOUNT)
    assert limits_of(Settings(customer_burst=3, customer_rate=0.5)).customer == Rate(3, 0.5)


async def test_a_flood_of_one_customer_costs_no_turns_and_their_leaving_is_heard(
    serve: Any,
    turns: ScriptedTurns,
    clock: Clock,
) -> None:
    async with serve(account("plain"), limits=limits(clock)) as platform:
        answers = [await platform.push(platform.text(f"第{n}句")) for n in range(7)]
        told = [TOO_FAST in body for _, body in answers]
        assert {status for status, _ in answers} == {200}
        assert told == [False] * 4 + [True] + [False] * 2
        assert [body for _, body in answers[5:]] == ["success"] * 2
        assert len(turns.taken) == 4
