"""What is named only to be left out, and which choices are left then."""

from __future__ import annotations

import pytest

from engine.dialog.choices.sparing import given_up, spared
from engine.dialog.reading.denying import is_denied, left_out
from engine.dialog.state.session import Offer

BILLS = [
    Offer("bill", "b1", "宽带费 121.8 元", {"title": "宽带费"}),
    Offer("bill", "b2", "手机话费 68.5 元", {"title": "手机话费"}),
    Offer("bill", "all", "全部 2 笔 190.3 元", {}),
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("宽带先不管", "b2"),
        ("宽带先不交", "b2"),
        ("宽带的下个月再说", "b2"),
        ("先交手机的，宽带先放着", "b2"),
        ("话费那笔先放着", "b1"),
        ("宽带不要", "b2"),
        ("交宽带不交话费", "b1"),
        ("先交宽带的不交手机", "b1"),
    ],
)
def test_what_is_left_out_leaves_the_others(text: str, value: str) -> None:
    assert [offer.value for offer in spared(BILLS, text, {})] == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("早上那班太早了，晚上那班靠窗吧", "CA1885"),
        ("早上的来不及了", "CA1885"),
        ("晚上的不坐了，早上那班", "MU5102"),
    ],
)
def test_what_is_too_early_is_left_out(text: str, value: str) -> None:
    flights = [
        Offer("booking", name, f"{name} {at[11:]}", {"flight_no": name, "departure": at})
        for name, at in (("MU5102", "2026-11-24T09:00"), ("CA1885", "2026-11-24T19:00"))
    ]
    left = spared(flights, text, {"早上": (4, 12), "晚上": (18, 24)})
    assert [offer.value for offer in left] == [value]


CARS = [
    Offer("order", n, f"{day} {name}", {"name": name, "day": day})
    for n, name, day in (("H1", "奔驰S", "2026-12-12"), ("H2", "宝马7系", "2027-01-01"))
]


@pytest.mark.parametrize(
    ("text", "title", "value"),
    [
        ("宝马那个不办了，车退了吧", "取消婚车", ["H2"]),
        ("宝马那个不要了", "退婚车", ["H2"]),
        ("宝马那个先不管", "取消婚车", []),
        ("宝马那个不办了", "租婚车", []),
    ],
)
def test_what_is_not_to_be_is_what_a_business_takes_back(
    text: str, title: str, value: list[str]
) -> None:
    assert [offer.value for offer in given_up(CARS, text, {}, title=title)] == value


@pytest.mark.parametrize(
    "text", ["宽带", "都不交了", "不交了", "手机和宽带都别交", "宽带不交会怎么样"]
)
def test_nothing_is_left_where_nothing_or_everything_is_left_out(text: str) -> None:
    assert spared(BILLS, text, {}) == []


@pytest.mark.parametrize(
    ("text", "word", "denied"),
    [
        ("不着急", "着急", True),
        ("不要宽带", "宽带", True),
        ("宽带先不交", "宽带", True),
        ("要不宽带吧", "宽带", False),
        ("宽带不交会停吗", "宽带", False),
        ("宽带不要", "宽带", True),
        ("交宽带", "宽带", False),
        ("不交宽带交话费", "宽带", True),
        ("不交宽带交话费", "话费", False),
        ("交宽带不交话费", "宽带", False),
        ("交宽带不交话费", "话费", True),
    ],
)
def test_a_word_is_denied_before_it_and_after_it(text: str, word: str, denied: bool) -> None:
    start = text.index(word)
    assert is_denied(text, start, start + len(word)) is denied


def test_what_denies_elsewhere_may_say_what_is_meant() -> None:
    assert not is_denied("余额的不要", 0, 2, meant_by=("不要",))


def test_what_is_left_out_stands_before_it_in_its_clause() -> None:
    assert left_out("交手机的，宽带先不管") == ["宽带先"]
    assert left_out("交手机的") == []


def test_what_is_left_out_stands_after_it_where_the_clause_does_something_else() -> None:
    assert left_out("交宽带不交话费") == ["话费"]
