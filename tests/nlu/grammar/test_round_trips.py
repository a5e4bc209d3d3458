"""A value said in any usual way comes back as the value."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.nlu.grammar import find_entities
from engine.nlu.grammar.id_number import check_digit
from engine.nlu.parse import Entity

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
HANZI = "零一二三四五六七八九"
RADIO = "洞幺两三四五六拐八勾"


def found(text: str, kind: str) -> list[str | None]:
    entities: list[Entity] = find_entities(text, now=NOW)
    return [entity.value for entity in entities if entity.type == kind]


def counted(number: int) -> str:
    """A whole number below 100,000 in Hanzi, as it is written out in full."""
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return counted(number // 10_000) + "万" + gap + (counted(rest) if rest else "")
    said, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            said += ("零" if zero and said else "") + HANZI[digit] + name
        zero = digit == 0
    return said.removeprefix("一") if 10 <= number < 20 else said or "零"


def spelled(code: str, style: int) -> str:
    tables = ("0123456789", HANZI, RADIO, "０１２３４５６７８９")
    return "".join(tables[style][int(char)] if char.isdigit() else char for char in code)


styles = st.integers(0, 3)
mobiles = st.builds(
    lambda prefix, rest: prefix + f"{rest:08}",
    st.sampled_from(["130", "138", "139", "150", "159", "166", "177", "186", "191", "199"]),
    st.integers(0, 99_999_999),
)


@given(st.integers(1, 99_999), st.sampled_from(["块", "元", "块钱", "元整"]))
def test_whole_yuan_in_hanzi(amount: int, unit: str) -> None:
    assert found(f"充{counted(amount)}{unit}", "money") == [str(amount)]


@given(st.integers(1, 999), st.integers(1, 9), st.integers(0, 9))
def test_yuan_with_change(yuan: int, tenths: int, cents: int) -> None:
    change = f"{HANZI[tenths]}毛" + (HANZI[cents] if cents else "")
    expected = f"{yuan}.{tenths}{cents or ''}"
    assert found(f"{counted(yuan)}块{change}", "money") == [expected]
    assert found(f"¥{yuan}.{tenths}{cents}", "money") == [expected]


@given(mobiles, styles, st.sampled_from(["", " ", "-", "，", " 呃 ", "那个"]))
def test_a_mobile_number_in_groups(number: str, style: int, gap: str) -> None:
    groups = (number[:3], number[3:7], number[7:])
    said = gap.join(spelled(group, style) for group in groups)
    assert found(f"给{said}充值", "phone") == [number]


@given(
    st.sampled_from(
        [("国航", "CA"), ("CA", "CA"), ("c a ", "CA"), ("东方航空的", "MU"), ("9C", "9C")]
    ),
    st.integers(100, 9999),
    styles,
)
def test_a_flight_number(airline: tuple[str, str], number: int, style: int) -> None:
    name, code = airline
    assert found(f"{name}{spelled(str(number), style)}准点吗", "flight_no") == [f"{code}{number}"]


@given(
    st.sampled_from(["110101", "310104", "440308", "650102"]),
    st.dates(date(1930, 1, 1), date(2020, 12, 31)),
    st.integers(0, 999),
    styles,
    st.sampled_from(["", " ", "，"]),
)
def test_an_identity_number(region: str, born: date, order: int, style: int, gap: str) -> None:
    body = f"{region}{born:%Y%m%d}{order:03}"
    number = body + check_digit(body)
    groups = (number[:6], number[6:14], number[14:])
    said = gap.join(spelled(group, style) for group in groups)
    assert found(said.replace("X", "叉" if style else "x"), "id_number") == [number]


@given(st.integers(1, 79), st.sampled_from("ABCDEFHJK"), st.booleans())
def test_a_seat(row: int, letter: str, in_hanzi: bool) -> None:
    said = counted(row) if in_hanzi else str(row)
    for form in (f"{said}排{letter}座", f"我要{said}{letter.lower()}", f"第{said}排 {letter}"):
        assert found(form, "seat") == [f"{row}{letter}"]


@given(st.integers(0, 364))
def test_a_day_of_the_coming_year(ahead: int) -> None:
    day = NOW.date() + timedelta(days=ahead)
    forms = (
        f"{day.month}月{day.day}号",
        f"{counted(day.month)}月{counted(day.day)}日",
        f"{day.month}/{day.day}",
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{spelled(str(day.year), 1)}年{counted(day.month)}月{counted(day.day)}号",
    )
    for form in forms:
        assert found(f"订{form}的票", "date") == [day.isoformat()]


@given(st.integers(1, 23), st.integers(0, 59))
def test_a_time_of_day(hour: int, minute: int) -> None:
    value = f"{hour:02}:{minute:02}"
    assert found(f"{hour:02}:{minute:02}起飞", "time") == [value]
    part = "凌晨" if hour < 6 else "上午" if hour < 12 else "中午" if hour == 12 else "下午"
    part = "晚上" if hour >= 18 else part
    spoken = f"{counted(hour if hour <= 12 else hour - 12)}点"
    spoken += f"零{counted(minute)}分" if 0 < minute < 10 else counted(minute) if minute else "整"
    assert found(f"{part}{spoken}", "time") == [value]
    assert found(f"明天{part}{spoken}", "datetime") == [f"2026-11-24T{value}"]


@given(st.integers(1, 99_999), st.sampled_from(["{}块左右", "{}元上下", "{}块出头", "大概{}块"]))
def test_an_amount_that_is_left_open_has_no_value(amount: int, form: str) -> None:
    assert found("充" + form.format(counted(amount)), "money") == [None]


@given(
    st.integers(11, 9_999),
    st.integers(11, 9_999),
    st.sampled_from(["，不对，是", "，说错了，", "，哦不，", "，改成"]),
)
def test_of_two_amounts_the_one_in_place_of_the_other_counts(
    first: int, last: int, repair: str
) -> None:
    assert found(f"充{counted(first)}块{repair}{counted(last)}块", "money") == [str(last)]


@given(st.sampled_from(["武五", "吴五", "流六", "漆七", "巴八", "酒九", "司四"]), st.integers(0, 9))
def test_a_digit_heard_as_another_word_is_no_smaller_amount(slip: str, ones: int) -> None:
    written, meant = slip[0], slip[1]
    value = 10 * HANZI.index(meant) + ones
    rest = HANZI[ones] if ones else ""
    assert found(f"冲{written}十{rest}块", "money") == [str(value)]


@given(st.integers(1, 10), st.integers(1, 10), st.sampled_from(["到", "至", "-"]))
def test_both_ends_of_a_range_of_times_are_in_the_part_of_the_day(
    begin: int, length: int, link: str
) -> None:
    end = min(begin + length, 11)
    said = f"后天下午{counted(begin)}点{link}{counted(end)}点"
    assert found(said, "datetime") == [f"2026-11-25T{hour + 12:02}:00" for hour in (begin, end)]


@given(st.integers(0, 6), st.integers(0, 6), st.sampled_from(["周", "星期", "礼拜"]))
def test_a_range_of_weekdays_ends_after_it_begins(begin: int, end: int, word: str) -> None:
    first = NOW.date() + timedelta(days=(begin - NOW.weekday() - 1) % 7 + 1)
    last = first + timedelta(days=(end - begin) % 7)
    said = f"{word}{'一二三四五六日'[begin]}到{word}{'一二三四五六日'[end]}"
    expected = [first.isoformat(), last.isoformat()] if begin != end else [first.isoformat()]
    days = found(f"{said}有票吗", "date")
    assert list(dict.fromkeys(days)) == expected


@given(st.integers(1, 99), st.booleans())
def test_a_place_in_a_list(place: int, in_hanzi: bool) -> None:
    said = counted(place) if in_hanzi else str(place)
    assert found(f"要第{said}个", "ordinal") == [str(place)]
    assert found(f"倒数第{said}张", "ordinal") == [str(-place)]
    assert found(f"选{said}", "ordinal") == [str(place)]


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from([("百", 100), ("千", 1000)]))
def test_a_last_digit_counts_tens_of_the_unit_before_it(
    first: int, last: int, unit: tuple[str, int]
) -> None:
    name, value = unit
    said = f"{'两' if first == 2 else HANZI[first]}{name}{HANZI[last]}"
    expected = str(first * value + last * value // 10)
    assert found(f"充{said}", "money") == [expected]
    assert found(f"充{said}块", "money") == [expected]


@given(st.integers(1, 399), st.booleans())
def test_a_time_from_now_on(count: int, in_hanzi: bool) -> None:
    said = counted(count) if in_hanzi else str(count)
    moment = (NOW + timedelta(minutes=count)).strftime("%Y-%m-%dT%H:%M")
    assert found(f"{said}分钟后", "datetime") == [moment]
    day = (NOW + timedelta(days=count)).date().isoformat()
    assert found(f"{said}天之后", "date") == [day]


@given(st.sampled_from(["130", "159", "186"]), st.integers(2, 5), st.integers(0, 9), st.data())
def test_a_digit_that_is_said_to_come_several_times(
    prefix: str, times: int, digit: int, data: st.DataObject
) -> None:
    count = 8 - times
    rest = f"{data.draw(st.integers(0, 10**count - 1)):0{count}}"
    said = f"{spelled(prefix, 1)}{HANZI[times]}个{HANZI[digit]}{spelled(rest, 1)}"
    assert found(f"给{said}充", "phone") == [prefix + str(digit) * times + rest]


@given(st.sampled_from(["010", "021", "0571", "0755"]), st.integers(20_000_000, 89_999_999))
def test_a_number_of_a_fixed_line(area: str, number: int) -> None:
    assert found(f"电话{area}-{number}", "phone") == [f"{area}{number}"]


@given(st.integers(10**11, 10**18 - 1), styles)
def test_an_order_number_after_its_name(number: int, style: int) -> None:
    assert found(f"订单号{spelled(str(number), style)}", "order_no") == [str(number)]


@given(
    st.sampled_from("王李张刘陈杨赵黄周吴"), st.text("伟芳娜敏静丽强磊洋杰", min_size=1, max_size=2)
)
def test_a_name_after_what_announces_it(surname: str, given_name: str) -> None:
    name = surname + given_name
    for form in ("我叫{}", "乘机人是{}", "帮{}办值机", "姓名：{}"):
        assert found(form.format(name), "person") == [name]
