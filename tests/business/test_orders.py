from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from engine.business.demo.tables import orders
from engine.business.provider import Refused


async def test_the_newest_orders_come_first(company: Any) -> None:
    done = await company.do("telecom.top_up", key="k1", phone="13812345678", amount="30")
    rows = await company.ask("orders.recent")
    assert [row["order_no"] for row in rows[:3]] == [
        done["order_no"],
        "20261001000000101",
        "JN6R8T",
    ]
    assert rows[0] == {
        "order_no": done["order_no"],
        "kind": "top_up",
        "status": "done",
        "amount": "30",
        "at": "2026-11-23T10:00",
        "phone": "13812345678",
        "flight_no": None,
        "date": None,
        "name": None,
        "origin_city": None,
        "destination_city": None,
    }


async def test_a_ticket_names_its_flight_and_passengers(company: Any) -> None:
    [row] = await company.ask("orders.recent", order_no="kq7t3p")
    assert (row["flight_no"], row["date"], row["name"]) == ("3U8633", "2026-11-24", "赵敏、赵小雨")
    assert (row["status"], row["amount"], row["phone"]) == ("ticketed", "1480", None)
    [same] = await company.ask("orders.recent", order_no="876-2300100080")
    assert same == row


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"kind": "top_up"}, ["20261001000000101", "20261001000000102"]),
        ({"kind": "ticket", "date": "2026-11-24"}, ["JN6R8T"]),
        ({"date": "2026-11-22"}, ["20261001000000101"]),
        ({"date": "2027-01-01"}, []),
    ],
)
async def test_orders_are_found_by_kind_and_by_day(
    company: Any, arguments: dict[str, str], expected: list[str]
) -> None:
    rows = await company.ask("orders.recent", **arguments)
    assert [row["order_no"] for row in rows] == expected


async def test_a_refund_shows(company: Any) -> None:
    [row] = await company.ask("orders.recent", order_no="MD4H7C")
    assert row["status"] == "refunded"


@pytest.mark.parametrize("order_no", ["ZZZZZZ", "20261001000000101"])
async def test_no_order_and_the_top_up_of_another_are_the_same_to_a_stranger(
    company: Any, order_no: str
) -> None:
    company.openid = "oStranger"
    with pytest.raises(Refused) as refusal:
        await company.ask("orders.recent", order_no=order_no)
    assert (refusal.value.reason, refusal.value.facts) == ("no_such_order", {"order_no": order_no})


async def test_a_stranger_sees_the_orders_made_in_this_chat(company: Any) -> None:
    company.openid = "oStranger"
    assert await company.ask("orders.recent") == []
    done = await company.do("telecom.top_up", key="k1", phone="13812345678", amount="30")
    assert [row["order_no"] for row in await company.ask("orders.recent")] == [done["order_no"]]


async def test_who_leaves_and_returns_is_a_stranger_to_the_orders_made_before(company: Any) -> None:
    company.openid = "oStranger"
    done = await company.do("telecom.top_up", key="k1", phone="13812345678", amount="30")
    await company.leave()
    assert await company.ask("orders.recent") == []
    kept = select(orders.c.openid).where(orders.c.order_no == done["order_no"])
    assert await company.connection.scalar(kept) == ""
