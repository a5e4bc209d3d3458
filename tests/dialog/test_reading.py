"""Which slots an utterance speaks of."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from engine.dialog.reading.coverage import coverage
from engine.dialog.reading.reading import Reading, read
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Filled, Task
from engine.nlu.grammar import find_entities
from engine.nlu.parse import Entity

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
SCRIPT = Script.model_validate(
    {
        "intent": "trip",
        "title": "出行",
        "example": "出行",
        "slots": {
            "origin": {"type": "city", "before": ["从"], "after": ["出发", "到"]},
            "destination": {"type": "city", "before": ["到", "去"]},
            "flight_no": {"type": "flight_no", "ask": "航班号？", "also": "amount"},
            "phone": {"type": "phone", "ask": "手机号？"},
            "amount": {"type": "money", "ask": "多少钱？"},
            "seat": {
                "type": ["seat", "seat_preference"],
                "join": "seat_preference",
                "ask": "座位？",
            },
            "id_number": {"type": "id_number", "ask": "证件号？"},
            "note": {"type": "text", "ask": "备注？"},
            "ward": {
                "ask": "哪一科？",
                "choices": [
                    {"value": "internal", "label": "内科"},
                    {"value": "cardiology", "label": "心内科"},
                    {"value": "surgery", "label": "外科"},
                ],
            },
        },
        "answer": {"say": "好"},
    }
)


def reads(text: str, *, asking: str = "", loose: bool = False, known: Any = ()) -> Reading:
    cities = [
        Entity("city", name, name, text.index(name), text.index(name) + len(name))
        for name in ("北京", "上海")
        if name in text
    ]
    task = Task(id="1", intent="trip", asking=asking, slots={name: Filled("x") for name in known})
    return read(text, [*find_entities(text, now=NOW), *cities], SCRIPT, task, loose=loose)


def test_a_strict_value_fills_its_slot_whatever_is_asked() -> None:
    assert reads("CA1234，手机13812345678", asking="seat").values == {
        "flight_no": "CA1234",
        "phone": "13812345678",
    }


@pytest.mark.parametrize(
    ("asking", "values"),
    [("amount", {"amount": "120"}), ("phone", {}), ("flight_no", {"amount": "120"})],
)
def test_a_loose_value_fills_only_what_is_asked_or_asked_along(
    asking: str, values: dict[str, str]
) -> None:
    assert reads("一百二", asking=asking).values == values


def test_a_loose_value_may_go_anywhere_in_a_correction() -> None:
    assert reads("一百二", asking="phone", loose=True).values == {"amount": "120"}


def test_words_around_a_value_say_which_slot_is_meant() -> None:
    assert reads("从北京到上海").values == {"origin": "北京", "destination": "上海"}
    assert reads("去上海，北京出发").values == {"origin": "北京", "destination": "上海"}


@pytest.mark.parametrize(
    ("text", "share"),
    [("从北京出发", 1.0), ("从 北京 到", 1.0), ("北京出发", 1.0), ("北京天气", 0.5)],
)
def test_words_that_say_which_slot_is_meant_are_a_part_of_its_value(
    text: str, share: float
) -> None:
    assert coverage(text, reads(text).entities) == share


def test_an_empty_slot_is_filled_before_a_full_one_is_replaced() -> None:
    assert reads("北京", known=["origin"]).values == {"destination": "北京"}
    assert reads("北京", known=["origin", "destination"]).values == {"origin": "北京"}


def test_several_wishes_for_a_seat_are_one_value() -> None:
    assert reads("前排靠窗", asking="seat").values == {"seat": "front+window"}


def test_a_value_that_is_not_valid_is_a_problem_not_a_value() -> None:
    reading = reads("110101199003070000", asking="id_number")
    assert reading.values == {}
    assert reading.problems["id_number"].problem == "check_digit"


@pytest.mark.parametrize(
    ("text", "asking", "kind"),
    [
        ("1381234567", "phone", "phone"),
        ("138 1234 567", "phone", "phone"),
        ("1101011990030700", "id_number", "id_number"),
    ],
)
def test_digits_alone_are_what_was_asked_for_at_a_wrong_length(
    text: str, asking: str, kind: str
) -> None:
    problem = reads(text, asking=asking).problems[asking]
    assert (problem.type, problem.problem) == (kind, "length")


@pytest.mark.parametrize(
    ("text", "asking"), [("100", "phone"), ("1381234567", "seat"), ("13812345678", "phone")]
)
def test_digits_that_are_something_else_have_no_wrong_length(text: str, asking: str) -> None:
    assert not reads(text, asking=asking).problems


def test_free_text_is_taken_whole_and_only_when_it_is_asked_for() -> None:
    assert reads("  少放辣 ", asking="note").values == {"note": "少放辣"}
    assert reads("少放辣", asking="seat").values == {}
    assert not reads("", asking="note")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("我要挂心内科", {"ward": "cardiology"}),
        ("内科吧", {"ward": "internal"}),
        ("内科还是外科", {}),
        ("不要内科", {}),
        ("随便", {}),
    ],
)
def test_the_label_of_a_choice_fills_its_slot_wherever_it_is_said(
    text: str, values: dict[str, str]
) -> None:
    assert reads(text).values == values


def test_an_answer_in_any_words_keeps_values_that_are_not_its_matter() -> None:
    text = "快到的时候请打我家里的电话13812345678不要按铃也不要敲门孩子在睡觉"
    assert reads(text, asking="note").values == {"note": text}


def test_a_value_in_an_answer_to_a_free_question_goes_where_it_belongs() -> None:
    assert reads("CA1234", asking="note").values == {"flight_no": "CA1234"}


SHIPPING = Script.model_validate(
    {
        "intent": "ship",
        "title": "寄件",
        "example": "寄件",
        "slots": {
            "sender": {"type": "phone", "ask": "电话？", "called": "寄件人电话"},
            "receiver": {"type": "phone", "ask": "收件人电话？", "called": "收件人电话"},
            "number": {"type": "order_no", "ask": "运单号？", "before": "运单"},
            "goods": {"ask": "寄什么？", "choices": ["衣物", "文件"]},
            "name": {"type": "person", "ask": "收件人？"},
            "address": {"type": "text", "ask": "地址？"},
        },
        "answer": {"say": "好"},
    }
)


def test_a_number_is_a_value_of_one_slot() -> None:
    script = Script.model_validate(
        {
            "intent": "ship",
            "title": "寄件",
            "example": "寄件",
            "slots": {
                "pieces": {"type": "number", "ask": "几件？"},
                "worth": {"type": "money", "ask": "值多少钱？"},
            },
            "answer": {"say": "好"},
        }
    )
    task = Task(id="1", intent="ship", asking="pieces")
    for text in ("10", "10箱", "十箱"):
        found = read(text, find_entities(text, now=NOW), script, task, loose=True)
        assert found.values == {"pieces": "10"}


@pytest.mark.parametrize(
    ("asking", "text", "values"),
    [
        ("address", "收件人电话是13912345678", {"receiver": "13912345678"}),
        ("address", "他的电话是13912345678", {"sender": "13912345678"}),
        ("address", "广州路1号，门口有人，13912345678", None),
        ("name", "运单号是SF1234567890", {"number": "SF1234567890"}),
        ("name", "运单SF1234567890", {"number": "SF1234567890"}),
        ("name", "衣物", {"goods": "衣物"}),
        ("name", "李雷", {"name": "李雷"}),
    ],
)
def test_what_a_value_is_called_tells_what_it_is(
    asking: str, text: str, values: dict[str, str] | None
) -> None:
    task = Task(id="1", intent="ship", asking=asking)
    found = read(text, find_entities(text, now=NOW), SHIPPING, task, loose=False).values
    assert found == ({asking: text} if values is None else values)
