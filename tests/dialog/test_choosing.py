"""Which of the choices on the table is meant."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from engine.dialog.choices.choosing import meant
from engine.dialog.choices.foretold import told
from engine.dialog.choices.naming import named_by, named_instead, named_whole
from engine.dialog.state.session import Offer
from engine.nlu.grammar import find_entities
from engine.nlu.parse import Entity

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
DAYPARTS = {"早上": (4, 12), "晚上": (18, 24)}

FLIGHTS = [
    Offer(
        "booking", "s1", "CA1234 明天 08:00 张三", {"flight_no": "CA1234", "at": "2026-11-24T08:00"}
    ),
    Offer(
        "booking", "s2", "CA1234 后天 19:30 张三", {"flight_no": "CA1234", "at": "2026-11-25T19:30"}
    ),
    Offer(
        "booking", "s3", "MU5301 后天 21:00 李四", {"flight_no": "MU5301", "at": "2026-11-25T21:00"}
    ),
]
AMOUNTS = [Offer("amount", value, f"{value} 元") for value in ("30", "50", "100")]
BILLS = [
    Offer("bill", "b1", "宽带费 121.8 元", {"title": "宽带费"}),
    Offer("bill", "b2", "手机话费 68.5 元", {"title": "手机话费"}),
    Offer("bill", "all", "全部 2 笔 190.3 元", {}),
]
TASKS = [Offer("", "topup", "充话费"), Offer("", "pay_bill", "缴费")]


def pick(offers: list[Offer], text: str) -> str | None:
    found: list[Entity] = find_entities(text, now=NOW)
    left = meant(offers, text, found, DAYPARTS)
    return left[0].value if len(left) == 1 else None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("第二个", "s2"),
        ("2", "s2"),
        ("最后一个", "s3"),
        ("第九个", None),
        ("MU5301", "s3"),
        ("CA1234", None),
        ("早上那班", "s1"),
        ("晚上的", None),
        ("CA1234晚上那班", "s2"),
        ("晚上九点那班", "s3"),
        ("李四", "s3"),
        ("1. CA1234 明天 08:00 张三", "s1"),
        ("随便", None),
    ],
)
def test_a_row_is_meant_by_number_content_time_or_label(text: str, value: str | None) -> None:
    assert pick(FLIGHTS, text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("50", "50"), ("50 元", "50"), ("第一个", "30"), ("2", None), ("10", None), ("三", None)],
)
def test_a_bare_number_among_values_is_a_value_not_a_place(text: str, value: str | None) -> None:
    assert pick(AMOUNTS, text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("2", "pay_bill"), ("充话费", "topup"), ("话费", "topup")]
)
def test_a_task_is_meant_by_number_or_name(text: str, value: str) -> None:
    assert pick(TASKS, text) == value


def test_a_part_of_one_label_only_is_enough() -> None:
    assert pick(FLIGHTS, "后天") is None
    assert pick(FLIGHTS, "明天 08") == "s1"


def test_nothing_is_meant_where_nothing_is_offered() -> None:
    assert pick([], "第一个") is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("晚上的", ["s2", "s3"]),
        ("CA1234", ["s1", "s2"]),
        ("后天", ["s2", "s3"]),
        ("下午的", []),
    ],
)
def test_what_fits_several_rows_leaves_those(text: str, values: list[str]) -> None:
    found = find_entities(text, now=NOW)
    assert [offer.value for offer in meant(FLIGHTS, text, found, DAYPARTS)] == values


def test_a_name_in_a_row_is_known_as_it_is_written_there() -> None:
    rows = [
        Offer("flight", code, code, {"airline": name})
        for code, name in (("HO1", "吉祥"), ("FM2", "上航"))
    ]
    found = [Entity("airline", "HO", "吉祥", 0, 2)]
    assert meant(rows, "吉祥那班", found, DAYPARTS) == rows[:1]


@pytest.mark.parametrize(
    ("text", "named"),
    [("宽带的全交", "b1"), ("话费全部交了", "b2"), ("全交", None), ("宽带费和手机话费都交", None)],
)
def test_one_choice_that_is_named_counts_more_than_a_word_for_all(
    text: str, named: str | None
) -> None:
    other = named_instead(text, BILLS, "all")
    assert (other and other.value) == named


@pytest.mark.parametrize(("text", "value"), [("129那个", "p2"), ("59的", "p1"), ("60", None)])
def test_a_number_of_a_row_names_it(text: str, value: str | None) -> None:
    plans = [
        Offer("plan", "p1", "轻享套餐", {"name": "轻享套餐", "fee": 59}),
        Offer("plan", "p2", "畅享套餐", {"name": "畅享套餐", "fee": 129}),
    ]
    assert pick(plans, text) == value


TIMES = [Offer("time", time, time, {"time": time}) for time in ("9:00", "10:30", "14:00", "15:30")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("九点", "9:00"),
        ("早上九点", "9:00"),
        ("两点", "14:00"),
        ("不对，改成三点半", "15:30"),
        ("十一点", None),
    ],
)
def test_a_row_that_is_a_time_is_chosen_by_the_time(text: str, value: str | None) -> None:
    assert pick(TIMES, text) == value


FILMS = [
    Offer("film", "f1", "流浪地球（科幻，45 元）", {"name": "流浪地球", "kind": "科幻"}),
    Offer("film", "f2", "封神（神话，50 元）", {"name": "封神", "kind": "神话"}),
    Offer("film", "f3", "三体（科幻，40 元）", {"name": "三体", "kind": "科幻"}),
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("不对，看流浪地球", "f1"),
        ("不要看封神，看三体", "f3"),
        ("不看封神了", None),
        ("流浪地球和三体", None),
        ("科幻的", None),
        ("封神", None),
    ],
)
def test_a_row_is_named_in_full_among_other_words(text: str, value: str | None) -> None:
    found = named_whole(text, FILMS, [], but="f2")
    assert (found.value if found else None) == value


HOURS = [
    Offer("hour", f"h{n}", f"{start}–{end}", {"start": start, "end": end})
    for n, (start, end) in enumerate((("07:30", "08:30"), ("08:30", "09:30"), ("09:30", "10:30")))
]
THINGS = [
    Offer("item", value, f"{item} {price}元", {"item": item, "price": price})
    for value, item, price in (
        ("shoe", "跑步鞋", "399"),
        ("coat", "羽绒服", "899"),
        ("cup", "保温杯", "79"),
    )
]
CARS = [
    Offer("car", value, f"{model}（{kind}，{seats}座）", {"model": model, "kind": kind})
    for value, model, kind, seats in (
        ("a", "大众朗逸", "轿车", 5),
        ("b", "本田CR-V", "SUV", 5),
        ("c", "别克GL8", "商务车", 7),
    )
]


@pytest.mark.parametrize(
    ("offers", "text", "value"),
    [
        (HOURS, "八点半那个", "h1"),
        (HOURS, "早上最早的", "h0"),
        (THINGS, "那双鞋", "shoe"),
        (THINGS, "鞋子", "shoe"),
        (THINGS, "服务怎么样", None),
        (CARS, "要SUV", "b"),
        (CARS, "suv", "b"),
    ],
)
def test_a_row_is_known_by_its_beginning_its_kind_and_its_last_character(
    offers: list[Offer], text: str, value: str | None
) -> None:
    assert pick(offers, text) == value


@pytest.mark.parametrize(
    ("offers", "text", "value"),
    [
        (CARS, "周五租辆七座的，机场取", "c"),
        (CARS, "明天租辆SUV，后天还", "b"),
        (CARS, "租辆五座的", None),
        (THINGS, "我买的鞋开胶了要退", "shoe"),
        (THINGS, "杯子碎了", "cup"),
        (THINGS, "我要退货", None),
    ],
)
def test_a_row_is_named_among_other_words_by_what_only_it_is(
    offers: list[Offer], text: str, value: str | None
) -> None:
    left = named_by(text, offers, DAYPARTS)
    assert (left[0].value if len(left) == 1 else None) == value


PLANS = [
    Offer("plan", value, f"{value}（{speed}M，{price}元/月）", {"name": value, "speed": speed})
    for value, speed, price in (
        ("轻享", "300", "59"),
        ("畅享", "500", "89"),
        ("尊享", "1000", "129"),
    )
]
SPANS = [
    Offer("window", value, f"{value} {begin}-{end}", {"begin": begin, "end": end})
    for value, begin, end in (
        ("am", "09:00", "12:00"),
        ("pm", "14:00", "18:00"),
        ("ev", "18:00", "21:00"),
    )
]
STAFF = [
    Offer("who", name, f"{name}（从业{years}年）", {"name": name, "years": years})
    for name, years in (("小雅", "8"), ("阿杰", "5"))
]
WASH = [Offer("wash", name, f"{name} 80元", {"name": name}) for name in ("洗澡", "洗澡+剪毛")]


@pytest.mark.parametrize(
    ("offers", "text", "value"),
    [
        (PLANS, "千兆那个", "尊享"),
        (PLANS, "500M的", "畅享"),
        (PLANS, "三百兆的吧", "轻享"),
        (SPANS, "9点到12点", "am"),
        (SPANS, "晚上六点到九点", "ev"),
        (SPANS, "下午3点", "pm"),
        (SPANS, "上午10点", "am"),
        (SPANS, "23点", None),
        (STAFF, "经验最久的", "小雅"),
        (STAFF, "资深一点的", "小雅"),
        (WASH, "就洗澡", "洗澡"),
        (WASH, "剪毛", "洗澡+剪毛"),
    ],
)
def test_a_row_is_known_by_units_spans_and_what_it_is_called(
    offers: list[Offer], text: str, value: str | None
) -> None:
    assert pick(offers, text) == value


DISHES = [
    Offer("dish", value, f"{name} {price}元（{taste}）", {"name": name, "taste": taste})
    for value, name, price, taste in (
        ("m1", "宫保鸡丁套餐", "28", "微辣"),
        ("m2", "红烧肉套餐", "32", "不辣"),
        ("m3", "香菇青菜套餐", "22", "素食"),
    )
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("那就来份素的", "m3"),
        ("中间那个", "m2"),
        ("不辣的那个", "m2"),
        ("辣的", None),
        ("新的", None),
    ],
)
def test_a_row_is_known_by_one_character_and_by_its_place(text: str, value: str | None) -> None:
    assert pick(DISHES, text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("换成宫保鸡丁", "m1"), ("不要红烧肉", None), ("套餐换一个", None)]
)
def test_a_row_is_named_without_the_end_that_all_names_share(text: str, value: str | None) -> None:
    named = named_whole(text, DISHES, [])
    assert (named.value if named else None) == value


ROOMS = [
    Offer("room", value, f"{name}（{floor}楼，剩{left}个座）", {"name": name, "floor": floor})
    for value, name, floor, left in (
        ("r1", "安静自习室", "3", "12"),
        ("r2", "电子阅览室", "2", "3"),
        ("r3", "研讨间", "5", "6"),
    )
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("座位最多的", "r1"),
        ("座位多的", "r1"),
        ("那6个小时", None),
        ("6的那个", "r3"),
        ("五楼的", "r3"),
    ],
)
def test_what_a_label_counts_is_no_part_of_another_number(text: str, value: str | None) -> None:
    assert pick(ROOMS, text) == value


def test_the_day_alone_names_the_only_row_of_it() -> None:
    entities = find_entities("那24号吧", now=NOW)
    named = told(FLIGHTS, "那24号吧", entities, DAYPARTS)
    assert named is not None
    assert named.value == "s1"


def test_what_only_one_row_is_called_by_names_it_before_parts_of_words() -> None:
    left = named_by("去自习室坐3个小时，五楼的", ROOMS, DAYPARTS)
    assert [offer.value for offer in left] == ["r3"]


PILES = [
    Offer("pile", value, f"{value}号桩（{power}千瓦）", {"no": value, "power": power})
    for value, power in (("3", "120"), ("7", "60"), ("17", "180"))
]
SPEEDS = [Offer("speed", value, label) for value, label in (("f", "快充"), ("s", "慢充"))]


@pytest.mark.parametrize(
    ("text", "value"), [("换7号桩", "7"), ("17号桩吧", "17"), ("7点换个桩", None)]
)
def test_a_row_is_named_by_the_number_that_its_label_begins_with(
    text: str, value: str | None
) -> None:
    named = named_whole(text, PILES, [])
    assert (named.value if named else None) == value


def test_a_fixed_choice_is_known_by_the_one_character_that_only_it_has() -> None:
    assert pick(SPEEDS, "快的") == "f"
    assert pick(SPEEDS, "充的") is None


@pytest.mark.parametrize(
    ("text", "value"), [("最快接单的", "b"), ("最慢接单的", "a"), ("最快送达的", None)]
)
def test_what_all_labels_show_says_nothing_beside_a_superlative(
    text: str, value: str | None
) -> None:
    labels = {"a": "普通（20分钟接单）", "b": "加急（5分钟接单）"}
    assert pick([Offer("speed", v, label, {"v": v}) for v, label in labels.items()], text) == value
