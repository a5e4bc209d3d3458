"""Hostile length: the work may grow with the text, never with its square."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from types import FrameType
from typing import Any

import pytest

from engine.nlu.grammar import find_entities

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
UNITS = [
    "1", "一", "1二", "第", "两", " ", "月", "点", "一点", "要", "三号", "和", "张三 ", "三个",
    "不要", "靠窗", "A", "A1", "1,", "1 ", "12/", "半", "百", "五块", "后", "订单号", "姓王名",
    "我叫", "的", "给张三和", "弓长张", "建设的建", "明天三点", "不是一百", "国航1234", "¥",
]  # fmt: skip


def calls_of(action: Callable[[], Any]) -> int:
    """How many Python functions an action calls: work that a slow machine does not change."""
    count = 0

    def counter(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counter)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", UNITS)
def test_four_times_the_text_is_no_more_than_six_times_the_work(unit: str) -> None:
    short, long = unit * 150, unit * 600
    find_entities(short, now=NOW)
    few = calls_of(lambda: find_entities(short, now=NOW))
    many = calls_of(lambda: find_entities(long, now=NOW))
    assert many <= 6 * few + 400


@pytest.mark.parametrize("unit", UNITS)
def test_a_hundred_thousand_bytes_are_read_to_the_end(unit: str) -> None:
    text = unit * (100_000 // len(unit.encode())) + "，身份证310104198512120015"
    found = find_entities(text, now=NOW)
    assert found[-1].end <= len(text)
    assert "id_number" in {entity.type for entity in found}
