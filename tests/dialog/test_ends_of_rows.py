"""The first and the last of what rows are numbered with, and several times of day at once."""

from __future__ import annotations

import pytest

from engine.dialog.choices.choosing import meant
from engine.dialog.choices.foretold import without_title
from engine.dialog.choices.naming import named_by
from engine.dialog.state.session import Offer
from engine.nlu.parse import Entity

SEATS = [Offer("seat", f"{n}-{m}", f"{n}排{m}座", {"n": n}) for n, m in ((5, 6), (7, 8), (9, 1))]
DAYPARTS = {"明晚": (18, 24), "晚上": (18, 24), "上午": (4, 12), "下午": (12, 18)}
SHOWS = [
    Offer("show", hall, f"{hour} {hall}", {"at": f"2026-11-29T{hour}", "hall": hall})
    for hour, hall in (("10:20", "普通厅"), ("15:40", "IMAX"), ("20:10", "杜比"))
]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("最后一排", ["9-1"]),
        ("坐最前面那排", ["5-6"]),
        ("最后一排的座位吧", ["9-1"]),
        ("最前一座", ["9-1"]),
        ("最后一栋", []),
    ],
)
def test_a_row_is_the_first_or_the_last_of_what_labels_number(text: str, values: list[str]) -> None:
    assert [offer.value for offer in meant(SEATS, text, (), {})] == values


HOMES = [
    Offer("home", at, f"{kind} {street}9号", {"kind": kind, "street": f"{street}9号"})
    for at, kind, street in (("1", "电", "滨江路"), ("2", "燃气", "学府路"))
]


@pytest.mark.parametrize(
    ("text", "value"),
    [("学府路那套", "2"), ("滨江路那间吧", "1"), ("电的那个", "1"), ("那个电的", "1")],
)
def test_a_row_is_pointed_at_by_a_part_of_it(text: str, value: str) -> None:
    assert [offer.value for offer in meant(HOMES, text, (), {})] == [value]


@pytest.mark.parametrize(
    ("opener", "values"),
    [
        ("改到周日下午", ["IMAX"]),
        ("把明晚的改到周日下午", ["IMAX", "杜比"]),
        ("把明晚的改到周日下午，IMAX的", ["IMAX"]),
    ],
)
def test_of_two_times_of_day_either_may_be_meant(opener: str, values: list[str]) -> None:
    assert [offer.value for offer in named_by(opener, SHOWS, DAYPARTS)] == values


BY_POST = [
    Offer("post", days, f"{days} 天到，{price} 元", {"days": days})
    for days, price in (("3", "12"), ("1", "23"), ("5", "8"))
]


@pytest.mark.parametrize(
    ("text", "value"),
    [("隔天到的", "1"), ("次日达的", "1"), ("慢", "5"), ("快吧", "1"), ("那就慢", "5")],
)
def test_a_length_and_what_compares_it_are_said_in_a_word(text: str, value: str) -> None:
    assert [offer.value for offer in meant(BY_POST, text, (), {})] == [value]


@pytest.mark.parametrize(
    ("text", "values"), [("慢", ["s"]), ("快吧", ["f"]), ("好", []), ("充", [])]
)
def test_one_character_is_a_choice_where_only_one_has_it(text: str, values: list[str]) -> None:
    choices = [Offer("speed", value, label) for value, label in (("f", "快充"), ("s", "慢充"))]
    assert [offer.value for offer in meant(choices, text, (), {})] == values


COACHES = [
    Offer("coach", name, f"{name}，{sex}，{years}年经验（{km}公里）", {"name": name, "sex": sex})
    for name, sex, years, km in (
        ("林雨", "女", "4", "6.5"),
        ("高峰", "男", "9", "1.2"),
        ("陈立", "男", "2", "3"),
    )
]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("女的", "林雨"),
        ("换个女教练", "林雨"),
        ("近的那个", "高峰"),
        ("经验丰富的", "高峰"),
        ("远的吧", "林雨"),
    ],
)
def test_a_row_is_known_by_what_it_is_and_by_a_bare_comparison(text: str, name: str) -> None:
    assert [offer.value for offer in meant(COACHES, text, (), {})] == [name]


def test_the_first_to_end_is_found_by_its_day() -> None:
    days = ("2026-12-31", "2026-11-30", "2027-01-15")
    deals = [Offer("deal", str(n), f"{day}到期", {"until": day}) for n, day in enumerate(days)]
    assert [offer.value for offer in meant(deals, "最早到期的", (), {})] == ["1"]
    assert [offer.value for offer in meant(deals, "最晚过期的那张", (), {})] == ["2"]


def test_words_of_the_title_name_no_row() -> None:
    assert without_title("退款不退了，券还要用", "撤销退款") == "··不退了，券还要用"
    assert without_title("票", "退票") == "票"


@pytest.mark.parametrize("text", ["不加钱的那位", "免费的", "不收费的那个"])
def test_what_costs_nothing_is_said_so(text: str) -> None:
    extra = [Offer("who", sum_, f"{sum_}元", {"sum": sum_}) for sum_ in ("0", "500", "800")]
    assert [offer.value for offer in meant(extra, text, (), {})] == ["0"]


def test_a_number_of_something_else_is_no_row() -> None:
    left = [Offer("at", f"m{n}", f"{n}:00（余{n}个名额）", {"left": n}) for n in ("1", "4", "2")]
    two = Entity("number", "2", "2", 0, 1, strict=False)
    assert meant(left, "2个小时", (two,), {}) == []


TENTS = [
    Offer("tent", beds, f"{beds}号帐（睡{beds}人，{weight}公斤）", {"beds": beds})
    for beds, weight in (("2", "3"), ("4", "6"), ("6", "14"))
]


@pytest.mark.parametrize(
    ("text", "beds"),
    [("轻一点的", "2"), ("最重的", "6"), ("轻的那个", "2"), ("睡四个人的那种", "4")],
)
def test_a_row_is_known_by_its_weight_and_by_whom_it_holds(text: str, beds: str) -> None:
    assert [offer.value for offer in meant(TENTS, text, (), {})] == [beds]
