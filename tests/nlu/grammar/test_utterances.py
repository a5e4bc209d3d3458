"""Utterances in the words of customers: what must be found in them, and what must not."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.nlu.grammar import find_entities
from engine.nlu.parse import Entity

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def values(found: list[Entity], kind: str) -> list[str | None]:
    return [entity.value for entity in found if entity.type == kind]


@pytest.mark.parametrize("row", rows("utterances.jsonl"), ids=lambda row: row["text"])
def test_values_are_found_in_the_words_of_customers(row: dict[str, Any]) -> None:
    found = find_entities(row["text"], now=NOW)
    assert {kind: values(found, kind) for kind in row["found"]} == row["found"]


@pytest.mark.parametrize("row", rows("traps.jsonl"), ids=lambda row: row["text"])
def test_words_that_only_look_like_values_stay_words(row: dict[str, Any]) -> None:
    found = find_entities(row["text"], now=NOW)
    assert {kind: values(found, kind) for kind in row["found"]} == row["found"]


def test_a_wish_needs_one_of_the_characters_that_are_looked_for_first() -> None:
    """Every alternative of a wish is made of what `_NEEDED` names; 靠窗 has 窗."""
    said = (
        "安全出口 逃生门 应急通道 靠窗 舷窗 靠床 过道 走廊 甬道 过到 靠外 靠边 外侧 进出方便 "
        "中间 当中 中座 居中 夹心座 前排 头两排 靠前 前舱 往前坐 前一点 机头附近 "
        "后排 末排 机尾 尾巴"
    )
    for wish in said.split():
        assert values(find_entities(f"要坐{wish}的座位", now=NOW), "seat_preference"), wish


def one(text: str, kind: str) -> Entity:
    (entity,) = [each for each in find_entities(text, now=NOW) if each.type == kind]
    return entity


@pytest.mark.parametrize(
    ("text", "kind", "strict"),
    [
        ("五十块", "money", True),
        ("充五十", "money", True),
        ("一百二", "money", False),
        ("第二个", "ordinal", True),
        ("三号", "ordinal", False),
        ("三号", "date", False),
        ("十二月三号", "date", True),
        ("我叫张三", "person", True),
        ("张三", "person", False),
        ("12A", "seat", True),
        ("十二诶", "seat", False),
        ("靠窗", "seat_preference", True),
        ("中间", "seat_preference", False),
        ("明天下午三点", "datetime", True),
        ("下午三点", "datetime", False),
        ("编码HX5K2M", "order_no", True),
        ("HX5K2M", "order_no", True),
        ("9991234567890", "order_no", True),
        ("ABC123", "order_no", False),
        ("两个人", "number", False),
    ],
)
def test_only_self_evident_values_are_strict(text: str, kind: str, strict: bool) -> None:
    assert one(text, kind).strict is strict


@pytest.mark.parametrize(
    ("text", "kind", "problem"),
    [
        ("310104198512120016", "id_number", "check_digit"),
        ("310104198513120015", "id_number", "birth_date"),
        ("身份证31010419851212001", "id_number", "length"),
        ("一百来块", "money", "approximate"),
        ("手机号1381234567", "phone", "length"),
        ("给1381234567充50", "phone", "length"),
        ("给12345充一百", "phone", "length"),
        ("充-50", "money", "negative"),
        ("负五十块", "money", "negative"),
        ("CA12345", "flight_no", "length"),
    ],
)
def test_what_is_not_valid_has_no_value_and_says_why(text: str, kind: str, problem: str) -> None:
    entity = one(text, kind)
    assert (entity.value, entity.problem) == (None, problem)


@pytest.mark.parametrize(
    "text",
    [
        "给１３８１２３４５６７８充一百块，明天下午三点",
        "我 要 充 一百 块",
        "訂後天的機票，靠窗",
        "😀明天国航1234😀12A",
        "我叫买买提江·阿不都，身份证110101 19900307 002x",
    ],
)
def test_a_span_holds_the_words_as_written(text: str) -> None:
    found = find_entities(text, now=NOW)
    assert found
    assert all(text[entity.start : entity.end] == entity.text for entity in found)


def test_relative_words_count_in_the_customers_zone() -> None:
    late_in_utc = datetime.fromisoformat("2026-11-23T17:30:00+00:00")
    (tomorrow,) = find_entities("明天", now=late_in_utc)
    assert tomorrow.value == "2026-11-25"
