"""What the grammars found, without what other words of the message rule out."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from engine.dialog.reading.reading import read
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import CONFIRM, Filled, Task, Value
from engine.nlu.grammar import find_entities

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
SCRIPT = Script(
    intent="rent",
    title="租工具",
    example="租工具",
    slots={
        "begin": Slot(type="date", ask="从哪天开始？", before=("从",)),
        "end": Slot(type="date", ask="哪天还？", after=("还",)),
        "count": Slot(type="number", ask="租几台？", called=("台数",)),
        "pay": Slot(type="money", ask="押金先付多少？", called=("押金",)),
        "card": Slot(type="order_no", ask="会员卡号？", called=("会员卡号",)),
    },
    answer={"say": "好"},
)
KNOWN = {"begin": "2026-11-24", "end": "2026-11-25", "count": "1", "pay": "50"}


def changed(text: str) -> dict[str, Value]:
    task = Task("", "rent", asking=CONFIRM)
    task.slots = {name: Filled(said=value, value=value) for name, value in KNOWN.items()}
    return read(text, find_entities(text, now=NOW), SCRIPT, task, loose=True).values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("台数改成2台", {"count": "2"}),
        ("改成2台", {"count": "2"}),
        ("押金改成300", {"pay": "300"}),
        ("押金300块", {"pay": "300"}),
    ],
)
def test_a_number_by_its_name_or_unit_is_no_sum(text: str, values: dict[str, str]) -> None:
    assert changed(text) == values


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("周三还不了，周四还", "2026-11-26"),
        ("周三我有事，周四还", "2026-11-26"),
        ("周三不行的话，周四还", "2026-11-26"),
    ],
)
def test_a_day_that_will_not_do_is_left_out_for_the_next_one(text: str, end: str) -> None:
    assert changed(text)["end"] == end


def test_a_number_of_the_company_is_known_by_the_name_of_its_slot() -> None:
    assert changed("会员卡号VIP10086，两台") == {"card": "VIP10086", "count": "2"}
