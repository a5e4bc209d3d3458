from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.business.demo import business
from engine.business.provider import Refused, Work
from engine.store import Store

LI, PHONE, BILL = "oDemo-lisi", "13900138000", "26100201"


@pytest.fixture
def store(either: Store) -> Store:
    """The company is in each kind of database in turn."""
    return either


@pytest.fixture
def li(company: Any) -> Any:
    company.openid = LI
    return company


async def order(who: Any, amount: str = "all", *, key: str = "k.0", owed: str = "40.17") -> Any:
    return await who.do("payments.order", key=key, phone=PHONE, bill=BILL, amount=amount, owed=owed)


async def settle(who: Any, made: Any, **facts: str) -> Any:
    told = {"order_no": made["order_no"], "transaction": "T1", "amount": made["amount"], **facts}
    work = Work(who.connection, who.now, "", "")
    return await business.events["payments.settle"](work, **told)


async def owed(who: Any) -> str:
    return str((await who.ask("bills.owed", phone=PHONE))[0]["owed"])


@pytest.mark.parametrize(("days", "amount"), [(0, "40.17"), (1, "40.28"), (10, "41.34")])
async def test_what_is_late_costs_more_every_day(li: Any, days: int, amount: str) -> None:
    li.now += timedelta(days=days)
    assert await owed(li) == amount


async def test_a_part_paid_keeps_the_fee_of_before_and_grows_from_the_rest(li: Any) -> None:
    await settle(li, await order(li, "20"))
    assert await owed(li) == "20.17"
    li.now += timedelta(days=10)
    # 19 yuan of the bill are unpaid, at three per mille a day: 0.57.
    assert await owed(li) == "20.74"


async def test_several_bills_are_paid_oldest_first(company: Any) -> None:
    rows = await company.ask("bills.owed", phone="13812345678")
    assert [row["bill"] for row in rows] == ["26100102", "26100101", "all"]
    assert rows[-1]["owed"] == "190.3"
    made = await company.do(
        "payments.order", key="a", phone="13812345678", bill="all", amount="150", owed="190.3"
    )
    await settle(company, made)
    left = await company.ask("bills.owed", phone="13812345678")
    assert [(row["bill"], row["owed"]) for row in left] == [("26100101", "40.3")]


async def test_one_confirmation_makes_one_order(li: Any) -> None:
    assert await order(li, "20") == await order(li, "20")
    with pytest.raises(Refused, match="paying"):
        await order(li, "10", key="k.1")


async def test_another_customer_may_have_an_order_and_only_one_of_both_pays(town: Any) -> None:
    async with town.visit(LI) as li:
        mine = await order(li)
        li.openid = "someone"
        other = await li.do(
            "payments.order",
            key="o.0",
            phone=PHONE,
            bill=BILL,
            amount="all",
            owed="40.17",
            holder="李四",
        )
        assert (await settle(li, mine))["status"] == "paid"
        assert (await settle(li, other, transaction="T2"))["status"] == "changed"


async def test_what_was_confirmed_must_still_be_owed(li: Any) -> None:
    with pytest.raises(Refused) as refusal:
        await order(li, owed="39")
    assert (refusal.value.reason, refusal.value.facts) == ("changed", {"owed": "40.17"})


@pytest.mark.parametrize(
    ("amount", "reason"),
    [("40.18", "too_much"), ("0", "not_positive"), ("-5", "not_positive"), ("1.001", "no_amount")],
)
async def test_only_what_is_owed_can_be_paid(li: Any, amount: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        await li.ask("bills.check", phone=PHONE, bill=BILL, amount=amount)


async def test_an_order_that_is_over_takes_no_money(li: Any) -> None:
    made = await order(li)
    li.now += timedelta(minutes=15)
    with pytest.raises(Refused, match="expired"):
        await settle(li, made)
    li.now -= timedelta(minutes=10)
    await li.do("payments.close", key="c", order_no=made["order_no"])
    with pytest.raises(Refused, match="closed"):
        await settle(li, made)


async def test_a_paid_order_cannot_be_closed(li: Any) -> None:
    made = await order(li)
    await settle(li, made)
    with pytest.raises(Refused, match="paid"):
        await li.do("payments.close", key="c", order_no=made["order_no"])


async def test_nobody_sees_or_closes_the_order_of_another(li: Any) -> None:
    made = await order(li)
    li.openid = "someone"
    with pytest.raises(Refused, match="unknown_order"):
        await li.ask("payments.standing", order_no=made["order_no"])
    with pytest.raises(Refused, match="unknown_order"):
        await li.do("payments.close", key="c", order_no=made["order_no"])


@pytest.mark.parametrize(
    ("holder", "reason"), [(None, "holder_needed"), ("王五", "holder_mismatch")]
)
async def test_what_others_owe_is_their_own_affair(
    company: Any, holder: str | None, reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        await company.ask("bills.owed", phone=PHONE, holder=holder)


async def test_who_left_is_told_nothing_of_a_payment_that_still_comes(li: Any) -> None:
    made = await order(li)
    await li.leave()
    assert (await settle(li, made))["status"] == "paid"
