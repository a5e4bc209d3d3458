"""Two processes over one database, killed again and again, pressed by crowds: exactly once."""

from __future__ import annotations

import asyncio
import itertools
import random

from tests.faults import world
from tests.faults.conftest import Town, amount
from tests.faults.customers import at_once, choose_seat, confirm_seat, live
from tests.faults.platform import Platform

#: Customers at a time: few enough for an answer within the platform's patience.
CROWD = 24


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
    flights = map("CA{}".format, itertools.count(2000))
    trouble: list[str] = []
    async with Platform(town.urls, dice, twice=0.1, again=0.05, log=town.log) as platform:
        killing = asyncio.create_task(_kill(town, dice, town.kills))

        async def keep_coming() -> None:
            while not killing.done():
                flight = await world.fly(town.address, next(flights))
                for number in await town.people(5, flight):
                    if not killing.done():
                        trouble.extend(await live(platform, number, dice))

        async with asyncio.TaskGroup() as group:
            for _ in range(8):
                group.create_task(keep_coming())
        await killing
        print(f"{len(platform.log)} messages, {sum(m.pushes for m in platform.log)} pushes")
        assert trouble == []
        assert await town.faults() == []
    assert [error for worker in town.workers for error in worker.errors()] == []


async def _kill(town: Town, dice: random.Random, times: int) -> None:
    for _ in range(times):
        await asyncio.sleep(dice.uniform(0.2, 2))
        worker = dice.choice(town.workers)
        worker.kill()
        worker.begin()
        await asyncio.to_thread(worker.wait)
