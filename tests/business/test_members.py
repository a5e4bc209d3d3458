from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.business.demo.tables import codes
from engine.business.provider import Counted, Refused
from engine.store import Store

PHONE = "15012345678"


@pytest.fixture
def store(either: Store) -> Store:
    """The company is in each kind of database in turn."""
    return either


async def send(company: Any, key: str = "k", phone: str = PHONE) -> str:
    """Send a code; what it is, if it was sent."""
    sent = await company.do("members.send_code", key=key, phone=phone)
    newest = select(codes.c.code).order_by(codes.c.id.desc()).limit(1)
    return str(await company.connection.scalar(newest)) if sent["wait"] == "0" else ""


async def bind(company: Any, code: str, phone: str = PHONE) -> dict[str, Any]:
    return dict(await company.do("members.bind", key="b", phone=phone, code=code))


@pytest.fixture
def stranger(company: Any) -> Any:
    company.openid = "oStranger"
    return company


def wrong(code: str) -> str:
    return "100000" if code != "100000" else "100001"


async def test_a_bound_customer_has_a_profile(company: Any) -> None:
    assert await company.ask("members.profile") == [
        {"name": "张三", "phone": "13812345678", "id_number": "11010119900307002X"}
    ]


async def test_a_stranger_has_none(stranger: Any) -> None:
    assert await stranger.ask("members.profile") == []


async def test_binding_opens_the_members_bookings_and_unbinding_closes_them(stranger: Any) -> None:
    bound = await bind(stranger, await send(stranger))
    assert bound == {"name": "赵敏", "phone": PHONE}
    assert [row["name"] for row in await stranger.ask("airline.bookings")] == ["赵敏", "赵小雨"]
    assert await stranger.do("members.unbind", key="k2") == {"name": "赵敏"}
    assert await stranger.ask("airline.bookings") == []


async def test_a_code_has_six_digits_and_another_key_another_code(stranger: Any) -> None:
    first = await send(stranger)
    stranger.now += timedelta(minutes=1)
    second = await send(stranger, "other")
    assert len(first) == len(second) == 6
    assert first != second
    with pytest.raises(Refused, match="wrong_code"):
        await bind(stranger, first)


async def test_a_code_is_good_for_one_binding_within_its_minutes(stranger: Any) -> None:
    code = await send(stranger)
    stranger.now += timedelta(minutes=5)
    await bind(stranger, code)
    await stranger.do("members.unbind", key="u")
    with pytest.raises(Refused, match="no_code"):
        await bind(stranger, code)


async def test_a_code_expires(stranger: Any) -> None:
    code = await send(stranger)
    stranger.now += timedelta(minutes=5, seconds=1)
    with pytest.raises(Refused, match="no_code"):
        await bind(stranger, code)


async def test_wrong_codes_count_and_the_third_uses_the_code_up(stranger: Any) -> None:
    code = await send(stranger)
    for left in (2, 1):
        with pytest.raises(Counted) as refusal:
            await bind(stranger, wrong(code))
        assert (refusal.value.reason, refusal.value.facts) == ("wrong_code", {"left": left})
    with pytest.raises(Counted, match="no_code"):
        await bind(stranger, wrong(code))
    with pytest.raises(Refused, match="no_code"):
        await bind(stranger, code)


async def test_a_code_is_of_one_customer_and_one_phone(stranger: Any) -> None:
    code = await send(stranger)
    with pytest.raises(Refused, match="no_code"):
        await bind(stranger, code, phone="13312345678")
    stranger.openid = "oOther"
    with pytest.raises(Refused, match="no_code"):
        await bind(stranger, code)


async def test_codes_are_sent_a_minute_apart(stranger: Any) -> None:
    await send(stranger)
    stranger.now += timedelta(seconds=20)
    again = await stranger.do("members.send_code", key="k2", phone=PHONE)
    assert again == {"phone": PHONE, "minutes": "5", "wait": "40"}


async def test_a_phone_gets_five_codes_a_day_whoever_asks(stranger: Any) -> None:
    for number in range(5):
        stranger.openid = f"o{number}"
        await send(stranger, str(number))
    stranger.openid = "oSixth"
    with pytest.raises(Refused, match="too_many_codes"):
        await send(stranger)
    stranger.now += timedelta(days=1)
    assert await send(stranger)


async def test_no_code_is_sent_to_a_phone_that_is_no_members(stranger: Any) -> None:
    with pytest.raises(Refused, match="no_such_member"):
        await send(stranger, phone="18612345678")


async def test_one_customer_is_one_member(company: Any) -> None:
    with pytest.raises(Refused) as refusal:
        await bind(company, "123456")
    assert (refusal.value.reason, refusal.value.facts) == ("already_bound", {"name": "张三"})


async def test_nobody_is_unbound_twice(company: Any) -> None:
    await company.do("members.unbind", key="k1")
    with pytest.raises(Refused, match="not_bound"):
        await company.do("members.unbind", key="k2")


async def test_who_leaves_leaves_no_code(stranger: Any) -> None:
    await send(stranger)
    await stranger.leave()
    assert await stranger.connection.scalar(select(codes.c.id)) is None


async def test_of_two_bindings_of_a_customer_at_once_one_is_refused(town: Any) -> None:
    phones, codes_sent = (PHONE, "13900138000"), []
    async with town.visit("oStranger") as stranger:
        for phone in phones:
            codes_sent.append(await send(stranger, phone, phone))

    async def bind_to(phone: str, code: str) -> str:
        async with town.visit("oStranger") as stranger:
            return str((await bind(stranger, code, phone))["phone"])

    pairs = zip(phones, codes_sent, strict=True)
    done = await asyncio.gather(*(bind_to(*pair) for pair in pairs), return_exceptions=True)
    bound = [each for each in done if isinstance(each, str)]
    refused = [str(each) for each in done if isinstance(each, Refused)]
    assert (len(bound), len(refused)) == (1, 1)
    assert "already_bound" in refused[0]


async def test_one_binding_asked_for_twice_at_once_is_one(town: Any) -> None:
    async with town.visit("oStranger") as stranger:
        code = await send(stranger)

    async def bind_again() -> dict[str, Any]:
        async with town.visit("oStranger") as stranger:
            return await bind(stranger, code)

    both = await asyncio.gather(bind_again(), bind_again())
    assert both == [{"name": "赵敏", "phone": PHONE}] * 2
