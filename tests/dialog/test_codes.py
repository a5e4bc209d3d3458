"""Numbers of the company's own, and choices that are denied."""

from __future__ import annotations

import pytest

from engine.dialog.reading.codes import code_in
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
        ("R20231还是R20232", ""),
        ("我的证件上没有写号码，手机是13812345678", ""),
        ("不知道", ""),
    ],
)
def test_a_code_answers_the_question_for_one(said: str, code: str) -> None:
    assert code_in(said, CARD) == code


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
