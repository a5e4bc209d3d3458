from __future__ import annotations

from typing import Any

import pytest

from engine.business.provider import Refused

ZHAO = {"name": "赵敏", "id_number": "420106199307011023"}


async def test_a_bound_customer_has_a_profile(company: Any) -> None:
    assert await company.ask("members.profile") == [
        {"name": "张三", "phone": "13812345678", "id_number": "11010119900307002X"}
    ]


async def test_a_stranger_has_none(company: Any) -> None:
    company.openid = "oStranger"
    assert await company.ask("members.profile") == []


async def test_binding_opens_the_members_bookings_and_unbinding_closes_them(company: Any) -> None:
    company.openid = "oStranger"
    bound = await company.do("members.bind", key="k1", **ZHAO)
    assert bound == {**ZHAO, "phone": "15012345678"}
    assert await company.do("members.bind", key="k1", **ZHAO) == bound
    assert [row["name"] for row in await company.ask("airline.bookings")] == ["赵敏", "赵小雨"]
    assert await company.do("members.unbind", key="k2") == {"name": "赵敏"}
    assert await company.ask("airline.bookings") == []


async def test_name_and_id_number_must_belong_together(company: Any) -> None:
    company.openid = "oStranger"
    with pytest.raises(Refused, match="no_such_member"):
        await company.do("members.bind", key="k1", name="张三", id_number=ZHAO["id_number"])


async def test_one_customer_is_one_member(company: Any) -> None:
    with pytest.raises(Refused) as refusal:
        await company.do("members.bind", key="k1", **ZHAO)
    assert (refusal.value.reason, refusal.value.facts) == ("already_bound", {"name": "张三"})


async def test_nobody_is_unbound_twice(company: Any) -> None:
    await company.do("members.unbind", key="k1")
    with pytest.raises(Refused, match="not_bound"):
        await company.do("members.unbind", key="k2")
