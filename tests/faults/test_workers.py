"""Two processes over one database, killed again and again, pressed by crowds: exactly once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

import pytest

from tests.faults import checker, world
from tests.faults.conftest import Town, amount
from tests.faults.customers import at_once, choose_seat, confirm_seat, live
from tests.faults.platform_side import Platform

#: Customers at a time: few enough for an answer within the platform's patience.
CROWD = 16


async def test_the_last_ten_seats_go_to_ten_of_a_crowd(town: Town, dice: random.Random) -> None:
    free = [f"{row}{letter}" for row in (12, 20) for letter in "ABCDE"]
    flight = await world.fly(town.address, "CA1991", seats=free)
    people = await town.people(amount("CUSTOMERS"), flight)
    async with Platform(town.urls, dice, twice=0.1, again=0.05, log=town.log) as platform:
        came = await at_once([choose_seat(platform, n) for n in people], most=CROWD)
        got = await at_once([confirm_seat(platform, n) for n in people], most=CROWD)
        assert all(came)
        assert sum(got) == len(free)
        assert await town.faults() == []


async def test_a_double_confirmation_pays_once(town: Town, dice: random.Random) -> None:
    flight = await world.fly(town.address, "CA1992")
    people = await town.people(amount("CONFIRMATIONS"), flight)
    async with Platform(town.urls, dice, twice=0.3, again=0.1, log=town.log) as platform:

        async def confirm_twice(number: int) -> bool:
            customer = world.openid(number)
            await platform.say(customer, f"给{world.phone(number)}充100")
            both = [platform.say(customer, "确认") for _ in range(2)]
            return any("充好了" in answer for answer in await asyncio.gather(*both))

        assert all(await at_once(map(confirm_twice, people), most=CROWD // 2))
        assert await town.faults() == []


async def test_killed_workers_lose_and_double_nothing(town: Town, dice: random.Random) -> None:
    async with Platform(town.urls, dice, twice=0.1, again=0.05, log=town.log) as platform:
        assert await _under_load(town, platform, dice, _kill(town, dice, town.kills)) == []
        assert await town.faults() == []
    pushes = sum(message.pushes for message in town.log)
    print(f"{town.kills} kills, {len(town.log)} messages, {pushes} pushes")
    assert [error for worker in town.workers for error in worker.errors()] == []


@pytest.mark.parametrize("town", ["postgresql"], indirect=True)
async def test_a_database_that_restarts_loses_and_doubles_nothing(
    town: Town, dice: random.Random, postgresql: Any
) -> None:
    async def restart() -> None:
        for how in ("fast", "immediate"):
            await asyncio.sleep(dice.uniform(0.5, 1.5))
            await asyncio.to_thread(postgresql.stop, how)
            await asyncio.sleep(dice.uniform(0, 1))
            await asyncio.to_thread(postgresql.start)

    async with Platform(town.urls, dice, twice=0.1, again=0.05, log=town.log) as platform:
        # Nobody notices: what waits for the server is answered within the platform's patience.
        assert await _under_load(town, platform, dice, restart()) == []
        assert await town.faults() == []
        [late] = await town.people(1, await world.fly(town.address, "CA1994"))
        assert await live(platform, late, dice) == []


@pytest.mark.parametrize("town", ["sqlite"], indirect=True)
async def test_a_full_disk_is_said_in_one_line_and_all_goes_on_when_there_is_room(
    town: Town, dice: random.Random
) -> None:
    people = await town.people(4, await world.fly(town.address, "CA1995"))
    async with Platform(town.urls, dice, log=town.log) as platform:
        for number in people:
            await platform.say(world.openid(number), f"给{world.phone(number)}充100")
        for worker in town.workers:
            worker.fill_disk()
        told = [await platform.say(world.openid(number), "确认") for number in people]
        assert set(told) == {f"{checker.FAILED}，请稍后再试。"}
        assert await town.faults(may_fail=True) == []
        for worker in town.workers:
            worker.make_room()
        told = [await platform.say(world.openid(number), "确认") for number in people]
        assert all("充好了" in answer for answer in told)
        assert await town.faults(may_fail=True) == []


async def _under_load(
    town: Town, platform: Platform, dice: random.Random, happens: Coroutine[Any, Any, None]
) -> list[str]:
    """Let something happen while customers come and go; what they could not do."""
    happening = asyncio.create_task(happens)
    trouble: list[str] = []

    async def keep_coming() -> None:
        while True:
            flight = await world.fly(town.address, f"CA{next(town.flights)}")
            for number in await town.people(5, flight):
                if happening.done():
                    return
                trouble.extend(await live(platform, number, dice))

    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(keep_coming())
    await happening
    return trouble


async def _kill(town: Town, dice: random.Random, times: int) -> None:
    for _ in range(times):
        await asyncio.sleep(dice.uniform(0.2, 2))
        worker = dice.choice(town.workers)
        worker.kill()
        worker.begin()
        await asyncio.to_thread(worker.wait)
