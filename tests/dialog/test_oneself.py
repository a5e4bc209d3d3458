"""Whether the customer does it, or somebody else."""

from __future__ import annotations

import pytest

from engine.dialog.reading.reading import read
from engine.dialog.reading.yesno import answered
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import CONFIRM, Filled, Task

SLOT = Slot(ask="是本人去领吗？", if_yes="yes", if_no="no")
SCRIPT = Script(intent="a", title="领", example="领", slots={"own": SLOT}, answer={"say": "好"})


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("我自己去", "yes"),
        ("本人领", "yes"),
        ("我替他领", "no"),
        ("帮她领", "no"),
        ("我老婆去", "no"),
        ("找人代领", "no"),
    ],
)
def test_who_does_it_answers_the_question(said: str, value: str) -> None:
    assert answered(said, SLOT) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("我没空，让我老公去领", "no"),
        ("换同事去领", "no"),
        ("让我老公付吗", None),
        ("我老公", None),
    ],
)
def test_somebody_who_is_sent_changes_it_at_the_read_back(said: str, value: str | None) -> None:
    task = Task("", "a", asking=CONFIRM)
    task.slots["own"] = Filled(said="yes", value="yes")
    assert read(said, (), SCRIPT, task, loose=False).values.get("own") == value
