"""What customers do, as people do it: they answer what they are asked, and try again."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Iterable

from tests.faults.platform_side import Platform
from tests.faults.world import openid, phone

#: How many seats may go to somebody else before one gives up.
_SEATS = 40
AMOUNTS = (30, 50, 100)
_PAGE = re.compile(r"/pay/\w+")


async def top_up(platform: Platform, number: int, amount: int) -> bool:
    """Put money on one's own number; whether it went well."""
    return await _done(
        platform, number, [f"给{phone(number)}充{amount}", "确认"], ["请确认", "充好了"]
    )


async def check_in(platform: Platform, number: int) -> bool:
    """Take any seat of one's flight; False when there is none left."""
    return await choose_seat(platform, number) and await confirm_seat(platform, number)


async def choose_seat(platform: Platform, number: int) -> bool:
    """Go as far as to the last question of a check-in."""
    return await _done(platform, number, ["办值机", "随便"], ["请选座位", "请确认"])


async def confirm_seat(platform: Platform, number: int) -> bool:
    """Confirm the seat, and choose another one as long as somebody else was first."""
    for _ in range(_SEATS):
        if "值机办好了" in await platform.say(openid(number), "确认"):
            return True
        if "请确认" not in await platform.say(openid(number), "随便"):
            return False
    return False


async def pay(platform: Platform, number: int) -> bool:
    """Pay one's bill on the page, and come back to hear of it."""
    customer = openid(number)
    if "请确认" not in await platform.say(customer, "我要缴费"):
        return False
    page = _PAGE.search(await platform.say(customer, "确认"))
    if page is None or not await platform.tap(f"{page[0]}/pay"):
        return False
    return bool(await platform.say(customer, "你好"))


async def _done(platform: Platform, number: int, says: list[str], hears: list[str]) -> bool:
    for said, heard in zip(says, hears, strict=True):
        if heard not in await platform.say(openid(number), said):
            return False
    return True


async def live(platform: Platform, number: int, dice: random.Random) -> list[str]:
    """Somebody's whole business, in any order; what did not go well."""
    wishes: list[tuple[str, Callable[[], Awaitable[bool]]]] = [
        ("top up", lambda: top_up(platform, number, dice.choice(AMOUNTS))),
        ("check in", lambda: check_in(platform, number)),
        ("pay", lambda: pay(platform, number)),
        ("top up again", lambda: top_up(platform, number, dice.choice(AMOUNTS))),
    ]
    dice.shuffle(wishes)
    return [f"{openid(number)} could not {what}" for what, wish in wishes if not await wish()]


async def at_once(works: Iterable[Awaitable[bool]], *, most: int) -> list[bool]:
    """All of it, at most so many at a time: each customer waits for an answer."""
    gate = asyncio.Semaphore(most)

    async def wait(work: Awaitable[bool]) -> bool:
        async with gate:
            return await work

    return list(await asyncio.gather(*map(wait, works)))
