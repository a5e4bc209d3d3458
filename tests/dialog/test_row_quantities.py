"""Rows that begin with a quantity, or hold a day: 三期, 「金卡，分6期」, 「八月那笔」."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from engine.dialog.choices.choosing import meant
from engine.dialog.choices.foretold import anew, foretold, without_chosen
from engine.dialog.state.session import Offer
from engine.nlu.grammar import find_entities

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
PLANS = [
    Offer("plan", f"p{n}", f"{n}期（每期 {1200 // n} 元）", {"months": str(n)}) for n in (3, 6, 12)
]
SPLITS = [
    Offer("split", "a", "8月12日办的 6000元", {"day": "2026-08-12"}),
    Offer("split", "b", "10月3日办的 2400元", {"day": "2026-10-03T09:00"}),
]


COINS = [
    Offer("coin", n, f"{n}（面值{face}元，限约{limit}枚）", {"face": face, "limit": limit})
    for n, face, limit in (("龙币", "10", "20"), ("熊猫币", "5", "10"))
]


SHOPS = [
    Offer("shop", n, n, {"name": n, "opens": opens, "closes": closes})
    for n, opens, closes in (("国贸店", "10:00", "22:00"), ("西单店", "09:30", "21:30"))
]


def pick(offers: list[Offer], text: str) -> str:
    left = meant(offers, text, find_entities(text, now=NOW), {})
    return left[0].value if len(left) == 1 else ""


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("三期", "p3"),
        ("分六期吧", "p6"),
        ("十二期", "p12"),
        ("2期", ""),
        ("几期", ""),
        ("三个月", ""),
    ],
)
def test_a_number_of_what_labels_begin_with_is_the_row(text: str, plan: str) -> None:
    assert pick(PLANS, text) == plan


@pytest.mark.parametrize(
    ("text", "plan"),
    [("金卡账单分期4000元，分6期，按期收", 1), ("账单分三期，分六期也行", None), ("4000元", None)],
)
def test_it_may_be_a_clause_of_what_was_said_before(text: str, plan: int | None) -> None:
    one = foretold(PLANS, [text], {}, NOW)
    assert one == (None if plan is None else PLANS[plan])


@pytest.mark.parametrize(
    ("text", "split"),
    [("八月那笔", "a"), ("10月份办的", "b"), ("九月那笔", ""), ("八个月的", ""), ("8月底还", "")],
)
def test_a_month_is_the_row_with_a_day_in_it(text: str, split: str) -> None:
    assert pick(SPLITS, text) == split


LEASES = [Offer("lease", n, f"{n}个月（{n}000 元）", {"n": n}) for n in ("1", "3", "12")]


@pytest.mark.parametrize(("text", "lease"), [("租三个月", "3"), ("一个月吧", "1"), ("三月", "")])
def test_so_is_a_number_of_months(text: str, lease: str) -> None:
    assert pick(LEASES, text) == lease


LOCKS = [Offer("lock", n, n, {"name": n}) for n in ("普通锁芯", "智能锁")]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("门锁坏了要换锁", "门锁坏了要··"),
        ("要换锁，智能锁", "要··，智能锁"),
        ("换把新的", "换把新的"),
    ],
)
def test_a_choice_that_was_made_names_no_row(text: str, left: str) -> None:
    assert without_chosen(text, ["换锁"], LOCKS) == left


def test_what_stands_in_the_name_of_a_row_names_it() -> None:
    assert without_chosen("去智能锁店", ["智能"], LOCKS) == "去智能锁店"


BANKS = [
    Offer("bank", "a", "农业银行（设备费0元）", {"name": "农业银行"}),
    Offer("bank", "b", "建设银行（设备费50元）", {"name": "建设银行"}),
]


@pytest.mark.parametrize(
    ("text", "bank"), [("不要设备费的那家", "a"), ("免设备费的", "a"), ("不收手续费的", "")]
)
def test_what_costs_nothing_is_the_row_without_that_cost(text: str, bank: str) -> None:
    assert pick(BANKS, text) == bank


@pytest.mark.parametrize(("text", "bank"), [("换建行", "b"), ("换成农行吧", "a"), ("换张行", "")])
def test_a_row_is_changed_to_by_some_of_its_characters(text: str, bank: str) -> None:
    other = {"a": "b", "b": "a"}.get(bank, "a")
    found = anew(BANKS, text, [], other, {})
    assert (found.value if found else "") == bank


CARDS = [
    Offer("card", n, f"{n}卡（{m}个月，{p}元）", {"name": f"{n}卡"})
    for n, m, p in (("年", 12, 2680), ("季", 3, 980), ("月", 1, 399))
]
TRIPS = [
    Offer("trip", "a", "11月20日 广州到北京", {"day": "2026-11-20"}),
    Offer("trip", "b", "10月28日 成都到广州", {"day": "2026-10-28"}),
]


@pytest.mark.parametrize(
    ("text", "card"), [("先办一个月试试", "月"), ("三个月的", "季"), ("两个月", "")]
)
def test_how_long_it_takes_is_the_row(text: str, card: str) -> None:
    assert pick(CARDS, text) == card


@pytest.mark.parametrize(
    ("text", "trip"),
    [("10月28号那次", "b"), ("20号的", "a"), ("最近的一次", "a"), ("5月20号", ""), ("21号", "")],
)
def test_a_day_that_has_been_is_the_row_of_it(text: str, trip: str) -> None:
    assert pick(TRIPS, text) == trip


@pytest.mark.parametrize(("text", "coin"), [("面值10块的", "龙币"), ("5元的", "熊猫币")])
def test_a_price_is_that_of_a_row_and_no_other_number_of_one(text: str, coin: str) -> None:
    assert pick(COINS, text) == coin


@pytest.mark.parametrize(
    ("text", "shop"),
    [
        ("最早开门的", "西单店"),
        ("开门最晚的那家", "国贸店"),
        ("最晚关门的", "国贸店"),
        ("关门早的", "西单店"),
        ("几点关门的", ""),
    ],
)
def test_hours_choose_the_row_that_begins_or_ends_first_or_last(text: str, shop: str) -> None:
    assert pick(SHOPS, text) == shop


@pytest.mark.parametrize(
    ("text", "car"), [("头车要奔驰S，八点", "奔驰S"), ("要宝马7系", "宝马7系"), ("奔驰和宝马", "")]
)
def test_a_name_with_letters_is_one_among_other_words(text: str, car: str) -> None:
    cars = [Offer("car", n, f"{n}（黑色）", {"name": n}) for n in ("奔驰S", "宝马7系")]
    one = foretold(cars, [text], {}, NOW)
    assert (one.value if one else "") == car
