from __future__ import annotations

from dataclasses import dataclass

import pytest

from engine.relay.errors import ApiError
from engine.relay.tokens import LIFE, OVERLAP, Tokens


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_an_old_token_lives_on_for_the_overlap(clock: Clock) -> None:
    tokens = Tokens(clock)
    old, _ = tokens.fresh("demo")
    new, seconds = tokens.fresh("demo")
    clock.now += OVERLAP - 1
    assert (tokens.account(old), tokens.account(new), seconds) == ("demo", "demo", LIFE)

    clock.now += 1
    assert (tokens.account(old), tokens.account(new)) == (None, "demo")


def test_a_stable_token_is_the_same_until_shortly_before_its_end(clock: Clock) -> None:
    tokens = Tokens(clock)
    first, _ = tokens.stable("demo")
    clock.now += LIFE - OVERLAP - 1
    again, seconds = tokens.stable("demo")
    clock.now += 1
    later, _ = tokens.stable("demo")

    assert (again, seconds) == (first, OVERLAP + 1)
    assert later != first
    assert tokens.account(first) == "demo"


def test_a_forced_token_ends_the_old_at_once(clock: Clock) -> None:
    tokens = Tokens(clock)
    old, _ = tokens.stable("demo")
    new, _ = tokens.stable("demo", force=True)

    assert (tokens.account(old), tokens.account(new)) == (None, "demo")


def test_tokens_are_forced_half_a_minute_apart(clock: Clock) -> None:
    tokens = Tokens(clock)
    tokens.stable("demo", force=True)
    clock.now += 29
    with pytest.raises(ApiError, match="45011"):
        tokens.stable("demo", force=True)
    clock.now += 30
    assert tokens.account(tokens.stable("demo", force=True)[0]) == "demo"


def test_the_two_ways_of_asking_do_not_touch_each_other(clock: Clock) -> None:
    tokens = Tokens(clock)
    stable, _ = tokens.stable("demo")
    tokens.fresh("demo")
    clock.now += OVERLAP

    assert tokens.account(stable) == "demo"


def test_a_made_up_token_is_nobodys(clock: Clock) -> None:
    assert Tokens(clock).account("") is None
