"""Numbers of the company's own, and choices that are denied."""

from __future__ import annotations

import pytest

from engine.dialog.reading.codes import code_in, long_number_in, named
from engine.dialog.reading.labels import labels
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task

CARD = Slot(type=("order_no",), ask=("读者证号？",))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("R20231", "R20231"),
        ("证号r20231", "R20231"),
        ("打错了 R20231", "R20231"),
        ("是二零零一二三", "200123"),
        ("三四天", ""),
        ("R20231还是R20232", ""),
        ("我的证件上没有写号码，手机是13812345678", ""),
        ("不知道", ""),
    ],
)
def test_a_code_answers_the_question_for_one(said: str, code: str) -> None:
    assert code_in(said, CARD) == code


BANK = Slot(type=("number",), ask=("哪张卡？",), called=("卡号",))
STUDENT = Slot(type=("order_no",), ask=("学号？",), called=("学号",))
AMOUNT = Slot(type=("number",), ask=("几份？",), called=("份数",))


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("6222 0212 3456 7890 123", "6222021234567890123"),
        ("工行6222021234567890", "6222021234567890"),
        ("6222021234567890还是6217021234567890", ""),
        ("12345678", ""),
    ],
)
def test_the_digits_of_a_card_answer_the_question_for_a_number(said: str, digits: str) -> None:
    assert long_number_in(said, BANK) == digits


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("提5000，卡号6222021234567890，我叫李雷", {"card": "6222021234567890"}),
        ("卡号错了，是6217021234567890", {"card": "6217021234567890"}),
        ("卡号换成6217021234567890", {"card": "6217021234567890"}),
        ("明天练车，学号二零零一二三", {"student": "200123"}),
        ("卡号就是那张", {}),
        ("手机13812345678", {}),
    ],
)
def test_by_the_name_of_their_slot_they_are_its_wherever_they_are_said(
    said: str, values: dict[str, str]
) -> None:
    slots = {"card": BANK, "count": AMOUNT, "student": STUDENT}
    script = Script(intent="a", title="提现", example="提现", slots=slots, answer={"say": "好"})
    assert {name: hit.value for name, hit in named(said, script)} == values


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("不着急，慢慢来", "no"),
        ("很着急", "yes"),
        ("加急", "yes"),
        ("不急", "no"),
        ("不要加急", ""),
    ],
)
def test_a_pattern_that_is_denied_is_none(said: str, value: str) -> None:
    urgent = Slot(
        ask=("急吗？",),
        choices=(
            {"value": "yes", "label": "加急", "pattern": "加急|急用|着急"},
            {"value": "no", "label": "普通", "pattern": "不急|普通|不着急|慢慢来"},
        ),
    )
    script = Script(
        intent="a", title="报销", example="报销", slots={"u": urgent}, answer={"say": "好"}
    )
    found = dict(labels(said, script, Task("", "a")))
    assert {hit.value for hit in found.values()} == ({value} if value else set())
