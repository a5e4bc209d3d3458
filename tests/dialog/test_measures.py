"""Numbers that are said in another unit than the one that is asked for."""

from __future__ import annotations

import pytest

from engine.dialog.reading.measures import measured
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task

SCRIPT = Script(
    intent="rent",
    title="租车位",
    example="租车位",
    slots={
        "months": Slot(type=("number",), ask=("办几个月？",)),
        "days": Slot(type=("number",), ask=("先试几天？",)),
        "minutes": Slot(type=("number",), ask=("停多少分钟？",)),
        "hours": Slot(type=("number",), ask=("洗几小时？",)),
        "weight": Slot(type=("number",), ask=("体重多少公斤？",)),
        "height": Slot(type=("number",), ask=("身高多少厘米？",)),
        "people": Slot(type=("number",), ask=("几位？",)),
    },
    answer={"say": "好"},
)


@pytest.mark.parametrize(
    ("asked", "text", "meant"),
    [
        ("months", "半年", ("months", "6")),
        ("months", "一年半吧", ("months", "18")),
        ("months", "两个季度", ("months", "6")),
        ("months", "三个月", None),
        ("months", "一岁半", ("months", "18")),
        ("months", "半年后再说", None),
        ("months", "周四下午两点半年检", None),
        ("months", "孩子五年级", None),
        ("days", "两周", ("days", "14")),
        ("days", "半个月", ("days", "15")),
        ("days", "12月5号", None),
        ("days", "周三", None),
        ("minutes", "一个半小时", ("minutes", "90")),
        ("hours", "一个半小时", ("hours", "1.5")),
        ("hours", "半个钟头", ("hours", "0.5")),
        ("weight", "130斤", ("weight", "65")),
        ("weight", "一百三十斤", ("weight", "65")),
        ("weight", "65公斤", None),
        ("weight", "六十来斤", ("weight", "30")),
        ("height", "一米二", ("height", "120")),
        ("height", "1米35", ("height", "135")),
        ("height", "一米零五", ("height", "105")),
        ("height", "两米", ("height", "200")),
        ("height", "130", None),
        ("people", "半年", ("months", "6")),
        ("people", "三个人", None),
    ],
)
def test_a_length_is_told_in_the_unit_that_is_asked_for(
    asked: str, text: str, meant: tuple[str, str] | None
) -> None:
    found = [
        (name, hit.value) for name, hit in measured(text, SCRIPT, Task("", "rent", asking=asked))
    ]
    assert found == ([meant] if meant else [])
