"""Words of a script that stand for a value."""

from __future__ import annotations

import pytest

from engine.dialog.reading.vocabulary import meanings
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Task

SCRIPT = Script.model_validate(
    {
        "intent": "pay",
        "title": "缴费",
        "example": "缴费",
        "slots": {"bill": {"ask": "哪一笔？", "means": [{"words": ["全…交"], "value": "'all'"}]}},
        "answer": {"say": "好"},
    }
)


@pytest.mark.parametrize(
    ("text", "means"),
    [("欠的全给我交了", True), ("全交", True), ("全都别交", False), ("不全交", False)],
)
def test_a_word_with_a_gap_is_said_unless_it_is_denied_in_it(text: str, means: bool) -> None:
    found = list(meanings(text, SCRIPT, Task("1", "pay"), {}, {}))
    assert [entity.value for _, entity in found] == (["all"] if means else [])
