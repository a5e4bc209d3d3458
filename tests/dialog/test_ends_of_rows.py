"""The first and the last of what rows are numbered with, and several times of day at once."""

from __future__ import annotations

import pytest

from engine.dialog.choices.choosing import meant
from engine.dialog.choices.foretold import by_its_name, named_beside, without_title
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


HOURS = [
    Offer("at", at, f"{at}入场（余{left}）", {"at": at, "left": left})
    for at, left in (("08:30", "50"), ("11:00", "6"), ("13:30", "80"))
]
ALL_DAY = {"早上": (4, 12), "上午": (4, 12), "下午": (12, 18)}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("票多的那场", ["13:30"]),
        ("人少的", ["13:30"]),
        ("人最少的", ["13:30"]),
        ("人多的那个", ["11:00"]),
        ("早上那个", ["08:30"]),
        ("上午那个", ["08:30", "11:00"]),
    ],
)
def test_a_row_is_known_by_what_is_left_of_it_and_by_when_it_begins(
    text: str, values: list[str]
) -> None:
    assert [offer.value for offer in meant(HOURS, text, (), ALL_DAY)] == values


@pytest.mark.parametrize(("text", "left"), [("人少的那个时间", "8"), ("名额最多的", "8")])
def test_who_is_still_taken_is_no_crowd(text: str, left: str) -> None:
    turns = [Offer("turn", left, f"09:00（还能约{left}人）", {"left": left}) for left in "28"]
    assert [offer.value for offer in meant(turns, text, (), {})] == [left]


WATERS = [
    Offer("water", name, f"{name}（{litres}升）", {"name": name, "litres": litres})
    for name, litres in (("山泉", "19"), ("怡宝", "12"))
]


@pytest.mark.parametrize(("text", "name"), [("大桶的", "山泉"), ("小瓶的吧", "怡宝")])
def test_a_size_is_said_with_what_it_comes_in(text: str, name: str) -> None:
    assert [offer.value for offer in meant(WATERS, text, (), {})] == [name]


CARS = [
    Offer("car", at, f"{plate}（{shop}）", {"plate": plate, "shop": shop})
    for at, plate, shop in (("1", "粤B12345", "城西店"), ("2", "粤A88888", "机场路店"))
]


@pytest.mark.parametrize(
    ("text", "values"), [("尾号888那辆", ["2"]), ("后三位345的", ["1"]), ("345那辆", [])]
)
def test_a_code_of_a_row_is_known_by_its_last_digits_where_it_is_said_so(
    text: str, values: list[str]
) -> None:
    assert [offer.value for offer in meant(CARS, text, (), {})] == values


@pytest.mark.parametrize(
    ("text", "value"), [("门店换成机场路", "2"), ("门店改成第一个", "1"), ("门店换一家", None)]
)
def test_another_row_is_named_after_what_it_is_called(text: str, value: str | None) -> None:
    first = Entity("ordinal", "1", "第一个", 4, 7)
    one = by_its_name(CARS, ("门店",), text, (first,) if "第一" in text else (), {})
    assert (one.value if one else None) == value


@pytest.mark.parametrize(
    ("text", "left"), [("想做个大保养", ["大保养"]), ("预约保养", ["小保养", "大保养"])]
)
def test_a_row_with_the_words_of_the_title_in_its_name_is_named_in_full(
    text: str, left: list[str]
) -> None:
    packs = [Offer("pack", name, name, {"name": name}) for name in ("小保养", "大保养")]
    assert [offer.value for offer in named_beside(packs, text, "预约保养")] == left


ORDERS = [
    Offer("order", at, f"{what}（{state}）", {"what": what, "state": state})
    for at, what, state in (("1", "简历", "打印中"), ("2", "海报", "已付款"), ("3", "合同", "排队"))
]


@pytest.mark.parametrize(
    ("text", "value"), [("正在打印的那个", "1"), ("在打印的", "1"), ("已经付款的那个", "2")]
)
def test_a_row_is_known_by_how_it_stands(text: str, value: str) -> None:
    assert [offer.value for offer in meant(ORDERS, text, (), {})] == [value]


DESKS = [
    Offer("at", at, f"{at}（{desk}号窗口，{name}，{age}岁）", {"at": at, "name": name, "age": age})
    for at, desk, name, age in (("09:00", "3", "张", "48"), ("10:30", "5", "李", "39"))
]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("五号窗口那个", ["10:30"]),
        ("五号楼的那个", []),
        ("年纪大的", ["09:00"]),
        ("年轻一点的", ["10:30"]),
        ("换成年轻的", ["10:30"]),
    ],
)
def test_a_row_is_known_by_a_number_with_its_name_and_by_an_age(
    text: str, values: list[str]
) -> None:
    assert [offer.value for offer in meant(DESKS, text, (), {})] == values


PASSES = [
    Offer("pass", name, f"{name}（{begin}起）", {"name": name, "from": begin})
    for name, begin in (("全天票", "08:30"), ("下午场", "12:30"), ("夜场", "17:30"))
]


@pytest.mark.parametrize(("text", "name"), [("下午那场", "下午场"), ("晚上的", "夜场")])
def test_a_row_with_a_time_of_day_in_its_name_is_that(text: str, name: str) -> None:
    parts = {"下午": (12, 18), "晚上": (18, 24)}
    assert [offer.value for offer in meant(PASSES, text, (), parts)] == [name]


GRADES = [Offer("grade", str(at), label) for at, label in enumerate(("一年级", "三年级"))]
TUNERS = [
    Offer("tuner", name, f"{name}（从业{years}年）", {"name": name, "years": years})
    for name, years in (("顾师傅", "20"), ("何师傅", "8"))
]


def test_a_label_is_known_with_its_number_in_digits() -> None:
    assert [offer.value for offer in meant(GRADES, "3年级", (), {})] == ["1"]


def test_a_number_of_an_address_chooses_no_row() -> None:
    eight = Entity("number", "8", "8", 3, 4, strict=False)
    assert meant(TUNERS, "北京路8号", (eight,), {}) == []
    assert [offer.value for offer in meant(TUNERS, "从业久的", (), {})] == ["顾师傅"]
