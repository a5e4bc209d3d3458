"""Free answers in the words of their question, before anybody has asked it."""

from __future__ import annotations

import pytest

from engine.dialog.reading.frames import framed
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Filled, Task

SLOTS = {
    "country": Slot(type=("text",), ask=("公证书在哪个国家用？",)),
    "place": Slot(type=("text",), ask=("在哪里使用？",)),
    "allergy": Slot(type=("text",), ask=("孩子对什么过敏？",)),
    "card": Slot(type=("text",), ask=("卡片上写什么？没有就说「没有」。",)),
    "name": Slot(type=("person",), ask=("在哪里用什么名字？",)),
}


def found(text: str, task: Task | None = None) -> dict[str, str]:
    script = Script(intent="a", title="办", example="办", slots=SLOTS, answer={"say": "好"})
    return {n: hit.value or "" for n, hit in framed(text, script, task or Task("", "a"))}


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("学历公证，美国用，2份", "country", "美国"),
        ("在加拿大用", "country", "加拿大"),
        ("拿去德国用的，要快", "country", "德国"),
        ("在海滨公园使用", "place", "海滨公园"),
        ("女孩，芒果过敏", "allergy", "芒果"),
        ("对海鲜过敏", "allergy", "海鲜"),
        ("明天送，卡片写生日快乐", "card", "生日快乐"),
        ("上面写「妈妈辛苦了」", "card", "妈妈辛苦了"),
    ],
)
def test_a_clause_is_the_question_with_an_answer_in_it(text: str, slot: str, value: str) -> None:
    assert found(text) == {slot: value}


@pytest.mark.parametrize(
    "text",
    [
        "美国",
        "不用",
        "给我用",
        "我马上用",
        "不写了",
        "卡片写什么好",
        "写好了",
        "在哪里用",
        "没有过敏",
        "有过敏",
    ],
)
def test_other_clauses_are_no_answer(text: str) -> None:
    assert found(text) == {}


def test_what_is_known_is_not_told_so() -> None:
    assert found("美国用", Task("", "a", slots={"country": Filled(said="英国")})) == {}
