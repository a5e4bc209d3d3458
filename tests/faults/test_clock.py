"""Clocks that jump, as when one is set: nothing is done twice, and nothing waits for a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.business.http import Answer
from engine.message import Inbound
from engine.store import Store, notices, outbox, tokens
from tests.canteen import HERE, NOW, SCRIPT, THERE, Canteen, orders, turns_of, words

DAY, LEASE = timedelta(days=1), timedelta(minutes=5)
JUMPS = pytest.mark.parametrize("jump", [DAY, -DAY], ids=["ahead", "back"])


class Clock:
    """Stands still until it jumps."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Phone:
    """One customer, whose messages go to one process after the other."""

    def __init__(self, workers: list[Any]) -> None:
        self._workers = workers
        self._said = 0

    async def say(self, said: str, *, again: bool = False) -> str:
        self._said += not again
        inbound = Inbound(account="a", openid="o", key=f"{self._said}", at=NOW, text=said)
        worker = self._workers[(self._said + again) % len(self._workers)]
        return words(await worker.take(inbound))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def phone(either: Store, tmp_path: Path, clock: Clock) -> Phone:
    script = SCRIPT.replace("CALL", HERE)
    return Phone(
        [
            await turns_of(either, tmp_path / "s", Canteen(), script=script, clock=clock)
            for _ in range(2)
        ]
    )


@JUMPS
@pytest.mark.parametrize("at", [1, 2, 3])
async def test_an_order_is_kept_once_wherever_the_clock_jumps(
    either: Store, phone: Phone, clock: Clock, jump: timedelta, at: int
) -> None:
    for number, said in enumerate(["我要订餐", "2", "好"], 1):
        if number == at:
            clock.now += jump
        told = await phone.say(said)
    clock.now -= jump
    assert "订好了，2 份" in told
    assert await phone.say("好", again=True) == told
    assert len(await orders(either)) == 1


@JUMPS
async def test_an_effect_on_its_way_does_not_wait_for_a_clock(
    either: Store, tmp_path: Path, clock: Clock, jump: timedelta
) -> None:
    keys: list[str] = []

    async def post(url: str, *, body: bytes, headers: Any, seconds: float) -> Answer:
        keys.append(headers["Idempotency-Key"])
        if len(keys) == 1:
            # As if it were killed here: nobody hears the answer.
            raise ZeroDivisionError
        return Answer(200, b'{"ok": {"portions": "2", "order_no": "B1"}}')

    script = SCRIPT.replace("CALL", THERE.replace("URL", "http://canteen.example"))
    turns = await turns_of(either, tmp_path / "s", Canteen(), script=script, post=post, clock=clock)
    phone = Phone([turns])
    await phone.say("我要订餐")
    await phone.say("2")
    with pytest.raises(ZeroDivisionError):
        await phone.say("好")
    clock.now += jump
    assert "订好了，2 份，B1" in await phone.say("好了吗")
    assert len(set(keys)) == 1


async def lease_reply(store: Store, now: datetime) -> int:
    async with store.writing() as connection:
        rows = await outbox.claim(connection, now=now, accounts=["a"], lease=LEASE)
    return len(rows)


async def lease_notice(store: Store, now: datetime) -> int:
    async with store.reading() as connection:
        if not await notices.is_any_due(connection, now=now, accounts=["a"], lease=LEASE):
            return 0
    async with store.writing() as connection:
        return len(await notices.claim(connection, now=now, accounts=["a"], lease=LEASE))


async def lease_token(store: Store, now: datetime) -> int:
    async with store.writing() as connection:
        return await tokens.claim(connection, "wx1", refused="", now=now, lease=LEASE)


@pytest.mark.parametrize("claim", [lease_reply, lease_notice, lease_token])
async def test_what_a_dead_process_had_comes_back_when_the_clock_is_set_back(
    either: Store, claim: Callable[[Store, datetime], Any]
) -> None:
    async with either.writing() as connection:
        due = NOW - 2 * DAY
        await outbox.put(connection, account="a", openid="o", reply=b"{}", due=due)
        await notices.put(connection, account="a", openid="o", key="k", name="n", facts={}, due=due)
    assert await claim(either, NOW) == 1
    assert await claim(either, NOW + LEASE / 2) == 0
    assert await claim(either, NOW - LEASE / 2) == 0
    assert await claim(either, NOW - DAY) == 1
