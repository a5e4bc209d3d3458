from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from engine.business.demo import tables
from engine.business.provider import Refused
from engine.store import Store


@pytest.fixture
def store(either: Store) -> Store:
    """A private, empty, real database, of each kind in turn."""
    return either


MINE = "13812345678"


@pytest.mark.parametrize(
    ("phone", "operator"),
    [
        (MINE, "移动"),
        ("13491234567", "电信"),
        ("13481234567", "移动"),
        ("18612345678", "联通"),
        ("17001234567", "电信"),
        ("17051234567", "移动"),
        ("17091234567", "联通"),
        ("19212345678", "广电"),
    ],
)
async def test_the_longest_prefix_names_the_operator(
    company: Any, phone: str, operator: str
) -> None:
    found = await company.ask("telecom.subscriber", phone=phone)
    assert found == [{"phone": phone, "operator": operator}]


@pytest.mark.parametrize("phone", ["12345678901", "1381234567", "138123456789", "0755123456", ""])
@pytest.mark.parametrize("name", ["subscriber", "balance", "offers"])
async def test_an_unknown_number_is_refused(company: Any, name: str, phone: str) -> None:
    with pytest.raises(Refused) as refusal:
        await company.ask(f"telecom.{name}", phone=phone)
    assert (refusal.value.reason, refusal.value.facts) == ("unknown_number", {"phone": phone})


async def test_the_bound_member_reads_the_own_balance(company: Any) -> None:
    assert await company.ask("telecom.balance", phone=MINE) == [
        {
            "phone": MINE,
            "operator": "移动",
            "plan": "畅享59元套餐",
            "balance": "86.4",
            "owed": "190.3",
            "data_total_gb": "20",
            "data_left_gb": "12.5",
            "minutes_total": 300,
            "minutes_left": 215,
            "as_of": "2026-11-23T10:00",
        }
    ]


@pytest.mark.parametrize(
    ("holder", "reason"),
    [(None, "holder_needed"), ("", "holder_needed"), ("张三", "holder_mismatch")],
)
async def test_another_number_asks_for_its_holder(
    company: Any, holder: str | None, reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        await company.ask("telecom.balance", phone="18612345678", holder=holder)
    [row] = await company.ask("telecom.balance", phone="18612345678", holder="王小明")
    assert row["balance"] == "-8.6"


async def test_offers_are_by_amount_with_their_price(company: Any) -> None:
    offers = await company.ask("telecom.offers", phone=MINE)
    assert [row["amount"] for row in offers] == ["30", "50", "100", "200", "300", "500"]
    assert offers[2] == {"amount": "100", "price": "99.5"}


async def test_a_top_up_is_checked_before_it_is_confirmed(company: Any) -> None:
    checked = await company.ask("telecom.check_top_up", phone=MINE, amount="100.00")
    assert checked == [{"amount": "100", "price": "99.5", "operator": "移动"}]


@pytest.mark.parametrize(
    ("amount", "near"),
    [
        ("35", ["30", "50"]),
        ("10", ["30"]),
        ("600", ["500"]),
        ("100.5", ["100", "200"]),
        ("NaN", ["30"]),
        ("-50", ["30"]),
    ],
)
async def test_an_amount_that_is_not_offered_names_its_neighbours(
    company: Any, amount: str, near: list[str]
) -> None:
    with pytest.raises(Refused) as refusal:
        await company.ask("telecom.check_top_up", phone=MINE, amount=amount)
    assert refusal.value.reason == "not_offered"
    assert refusal.value.facts == {"amount": amount, "near": near}


async def test_a_top_up_changes_the_balance_by_its_amount(company: Any) -> None:
    done = await company.do("telecom.top_up", key="k1", phone=MINE, amount="100")
    assert done == {
        "order_no": done["order_no"],
        "phone": MINE,
        "operator": "移动",
        "amount": "100",
        "price": "99.5",
        "balance_before": "86.4",
        "balance_after": "186.4",
        "at": "2026-11-23T10:00",
    }
    assert done["order_no"].isdigit()
    assert len(done["order_no"]) == 17
    [row] = await company.ask("telecom.balance", phone=MINE)
    assert row["balance"] == "186.4"


async def test_one_key_charges_once_over_two_transactions(town: Any) -> None:
    receipts = []
    for _ in range(2):
        async with town.visit() as visiting:
            receipts.append(await visiting.do("telecom.top_up", key="k1", phone=MINE, amount="100"))
    assert receipts[0] == receipts[1]
    async with town.visit() as visiting:
        [row] = await visiting.ask("telecom.balance", phone=MINE)
    assert row["balance"] == "186.4"


async def test_the_database_itself_refuses_a_second_order_of_one_key(company: Any) -> None:
    await company.do("telecom.top_up", key="k1", phone=MINE, amount="30")
    query = select(tables.orders).where(tables.orders.c.key == "k1")
    [order] = (await company.connection.execute(query)).mappings().all()
    again = dict(order) | {"order_no": "another"}
    with pytest.raises(IntegrityError):
        await company.connection.execute(insert(tables.orders).values(again))


async def test_two_keys_charge_twice_until_the_daily_limit(company: Any) -> None:
    await company.do("telecom.top_up", key="k1", phone=MINE, amount="200")
    await company.do("telecom.top_up", key="k2", phone=MINE, amount="200")
    with pytest.raises(Refused) as refusal:
        await company.do("telecom.top_up", key="k3", phone=MINE, amount="200")
    assert (refusal.value.reason, refusal.value.facts) == (
        "over_daily_limit",
        {"limit": "500", "left": "100"},
    )
    company.now += timedelta(hours=14)
    done = await company.do("telecom.top_up", key="k4", phone=MINE, amount="500")
    assert done["balance_after"] == "986.4"


async def test_the_limit_counts_a_number_whoever_pays(company: Any) -> None:
    await company.do("telecom.top_up", key="k1", phone=MINE, amount="500")
    company.openid = "oStranger"
    with pytest.raises(Refused, match="over_daily_limit"):
        await company.ask("telecom.check_top_up", phone=MINE, amount="30")


async def test_a_number_that_nobody_saw_before_is_topped_up_too(company: Any) -> None:
    done = await company.do("telecom.top_up", key="k1", phone="15987654321", amount="50")
    assert (done["balance_before"], done["balance_after"]) == ("0", "50")
