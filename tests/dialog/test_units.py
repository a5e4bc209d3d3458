"""Numbers that are counted on from what was said before, and totals."""

from __future__ import annotations

from typing import Any

import pytest

from engine.dialog.reading.reading import read
from engine.dialog.reading.units import (
    counted_on,
    multiplied,
    number_in,
    units_of,
    without_parts,
)
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Filled, Task
from engine.nlu.parse import Entity


def a_script(**slots: Any) -> Script:
    answer = {"say": "好"}
    return Script.model_validate(
        {"intent": "buy", "title": "买", "example": "买", "slots": slots, "answer": answer}
    )


def number(text: str, value: str, unit: str) -> Entity:
    start = text.rindex(f"{value}{unit}")
    return Entity("number", value, value, start, start + 1, strict=False)


@pytest.mark.parametrize(
    ("text", "said", "meant"),
    [
        ("再加1份", "1", "6"),
        ("多要2份", "2", "7"),
        ("少1份", "1", "4"),
        ("减去2份", "2", "3"),
        ("加到8份", "8", "8"),
        ("改成3份", "3", "3"),
        ("少9份", "9", "9"),
        ("不多2份", "2", "2"),
        ("多租2份", "2", "7"),
        ("少租2份", "2", "3"),
        ("至少2份", "2", "2"),
        ("差不多2份", "2", "2"),
    ],
)
def test_more_or_less_is_counted_on_from_what_there_was(text: str, said: str, meant: str) -> None:
    assert counted_on(text, number(text, said, "份"), "5") == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("再加50", "150"), ("多充50块", "150"), ("少充50", "50"), ("加到50", "50"), ("再充50", "50")],
)
def test_money_is_counted_on_but_for_the_same_once_more(text: str, meant: str) -> None:
    start = text.index("50")
    said = Entity("money", "50", "50", start, start + 2, strict=False)
    assert counted_on(text, said, "100") == meant


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("太多了，一半就行", ["60.9"]),
        ("翻倍吧", ["243.6"]),
        ("给我另一半", []),
        ("好的", []),
    ],
)
def test_a_multiple_is_of_the_number_that_was_told(text: str, values: list[str]) -> None:
    script = a_script(amount={"type": "money", "ask": "多少钱？"})
    task = Task("t", script.intent, slots={"amount": Filled("all", "121.8")})
    assert [found.value for found in multiplied(text, script, task, [])] == values


def test_of_two_numbers_no_multiple_is_meant() -> None:
    script = a_script(
        amount={"type": "money", "ask": "多少钱？"}, people={"type": "number", "ask": "几位？"}
    )
    task = Task("t", script.intent, slots={"amount": Filled("50"), "people": Filled("4")})
    assert not list(multiplied("一半", script, task, []))


def test_beside_a_number_a_multiple_only_says_what_it_is() -> None:
    script = a_script(amount={"type": "money", "ask": "多少钱？"})
    task = Task("t", script.intent, slots={"amount": Filled("120", "120")})
    sixty = Entity("money", "60", "60", 3, 5, strict=False)
    assert not list(multiplied("一半 60", script, task, [sixty]))


def test_a_total_counts_and_not_what_comes_to_it() -> None:
    text = "再加1份，一共6份"
    one, six = number(text, "1", "份"), number(text, "6", "份")
    assert without_parts(text, [one, six]) == [six]
    assert without_parts("1份", [one]) == [one]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("两床", "2"),
        ("充到百分之九十", "90"),
        ("说错了，充到70", "70"),
        ("5%", "5"),
        ("三点", ""),
        ("十二号", ""),
        ("没有", ""),
        ("两床被子三件大衣", ""),
    ],
)
def test_an_answer_to_the_question_for_a_number_may_say_what_it_counts(
    said: str, value: str
) -> None:
    assert number_in(said, Slot(type=("number",), ask=("多少？",))) == value


@pytest.mark.parametrize(("said", "value"), [("两床", "2"), ("一年", ""), ("三周", "")])
def test_a_number_of_another_unit_is_no_answer(said: str, value: str) -> None:
    assert number_in(said, Slot(type=("number",), ask=("办几个月？",))) == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("再加1台", {}),
        ("再加1层", {"floor": "5"}),
        ("12楼", {"floor": "12"}),
        ("再加1个", {"floor": "5"}),
    ],
)
def test_a_number_of_other_things_changes_nothing(text: str, values: dict[str, str]) -> None:
    slots = {"floor": Slot(type=("number",), ask=("在几楼？",))}
    script = Script(intent="a", title="搬", example="搬", slots=slots, answer={"say": "好"})
    task = Task("", "a", slots={"floor": Filled("4", "4")}, asking="confirm")
    digits = "".join(filter(str.isdigit, text))
    said = Entity(
        "number", digits, digits, text.index(digits), text.index(digits) + len(digits), False
    )
    assert read(text, [said], script, task, loose=True).values == values


DAY = Slot(type=("number",), ask=("每月几号扣？",), called=("扣款日",))


@pytest.mark.parametrize(("said", "value"), [("15号", "15"), ("二十号吧", "20")])
def test_a_day_of_each_month_is_a_number(said: str, value: str) -> None:
    assert number_in(said, DAY) == value


@pytest.mark.parametrize(
    ("text", "others", "values"),
    [
        ("扣款日改成20号", {}, {"day": "20"}),
        ("12月20号", {}, {}),
        ("20号", {"date": Slot(type=("date",), ask=("哪天？",))}, {}),
    ],
)
def test_it_is_one_beside_other_words_where_no_other_day_is_asked_for(
    text: str, others: dict[str, Slot], values: dict[str, str]
) -> None:
    slots = {"day": DAY, **others}
    script = Script(intent="a", title="补缴", example="补缴", slots=slots, answer={"say": "好"})
    task = Task("", "a", slots={"day": Filled("10", "10")}, asking="confirm")
    assert read(text, [], script, task, loose=True).values == values


def test_a_day_is_no_number_of_people() -> None:
    assert number_in("15号", Slot(type=("number",), ask=("几位？",))) == ""


def test_a_number_is_counted_on_after_the_name_of_its_slot() -> None:
    slots = {
        "bags": Slot(type=("number",), ask=("睡袋要几个？",), called=("睡袋",)),
        "mats": Slot(type=("number",), ask=("垫子要几个？",), called=("垫子",)),
    }
    script = Script(intent="a", title="租", example="租", slots=slots, answer={"say": "好"})
    filled = {"bags": Filled("2", "2"), "mats": Filled("4", "4")}
    task = Task("", "a", slots=filled, asking="confirm")
    for text, values in (("睡袋再加1个", {"bags": "3"}), ("垫子少1个", {"mats": "3"})):
        one = Entity("number", "1", "1", text.index("1"), text.index("1") + 1, strict=False)
        assert read(text, [one], script, task, loose=True).values == values


DOSE = Slot(type=("ordinal", "number"), ask=("这次是第几针？",))


@pytest.mark.parametrize(
    ("said", "value"),
    [("第一次", "1"), ("头一针", "1"), ("首次", "1"), ("打第三针", "3"), ("不是第一次", "")],
)
def test_which_one_it_is_answers_the_question_for_that(said: str, value: str) -> None:
    assert number_in(said, DOSE) == value


def test_only_where_that_is_asked() -> None:
    assert number_in("第一次", Slot(type=("number",), ask=("几位？",))) == ""


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("我自己住", "1"),
        ("就我一个人", "1"),
        ("就我和我老婆", ""),
        ("我们俩", "2"),
        ("一家三口", "3"),
        ("两口子", ""),
    ],
)
def test_who_is_counted_is_told_by_who_it_is(said: str, value: str) -> None:
    assert number_in(said, Slot(type=("number",), ask=("几个人住？",))) == value


def test_nobody_is_counted_where_something_else_is() -> None:
    assert number_in("我自己", Slot(type=("number",), ask=("要几张票？",))) == ""


@pytest.mark.parametrize(
    ("said", "meant"), [("满六周岁", "6"), ("刚满6岁", "6"), ("快七岁了", "7"), ("七八岁", "")]
)
def test_an_age_is_told_with_what_stands_around_it(said: str, meant: str) -> None:
    assert number_in(said, Slot(type=("number",), ask=("过几岁生日？",))) == meant


@pytest.mark.parametrize(
    ("asked", "unit"), [("老人多大年纪？", "岁"), ("您的年龄？", "岁"), ("几位？", "位")]
)
def test_what_is_asked_for_by_name_is_counted_in_its_unit(asked: str, unit: str) -> None:
    assert unit in units_of(Slot(type=("number",), ask=(asked,)))
