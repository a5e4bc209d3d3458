"""The company's system names its columns and facts as it likes: none of them is one of ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.business.provider import Business, Refused, Row
from engine.dialog import checking
from engine.dialog.scripts import loading
from engine.dialog.wording.picked import Picked, Several, plain

SEAT = """\
intent: seat
title: 选座
example: 我要选座
slots:
  seat:
    options: {query: hall.seats, value: id, label: "{{ NAME }}"}
    ask: 坐哪里？
confirm: "{{ seat.NAME }}，可以吗？"
answer:
  effect: hall.take
  with: {seat: seat.NAME}
  say: "{{ result.NAME }}"
  refused:
    full: "{{ NAME }}满了。"
"""


@pytest.mark.parametrize("name", ["row", "text", "names", "said", "note", "slot", "reason"])
async def test_a_column_and_a_fact_may_be_called_anything(
    talk: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    business, refused = Business("hall"), [Refused("full", **{name: "五排"})]

    @business.query
    async def seats(_: object) -> list[Row]:
        return [{"id": "1", name: "五排"}, {"id": "2", name: "七排"}]

    @business.effect
    async def take(_: object, *, seat: str) -> Row:
        if refused:
            raise refused.pop()
        return {name: seat}

    talking = talk()
    (tmp_path / "hall").mkdir()
    (tmp_path / "hall" / "seat.yaml").write_text(SEAT.replace("NAME", name), "utf-8")
    talking.scripts = loading.load(tmp_path / "hall")
    checking.demand(talking.scripts, business)
    talking.acts.business = business
    assert [b.label for b in (await talking.say("我要选座", "seat")).replies[-1].buttons] == [
        "1. 五排",
        "2. 七排",
    ]
    assert await talking.tell("第一个") == "五排，可以吗？"
    assert "五排满了" in await talking.tell("好")
    assert "五排" in await talking.tell("五排", "好")


def test_a_slot_within_a_mapping_becomes_its_text() -> None:
    items = {"张数": Picked("2", None), "观众": Several(["张伟", "刘洋"])}
    assert plain({"items": items, "code": 7}) == {
        "items": {"张数": "2", "观众": ["张伟", "刘洋"]},
        "code": 7,
    }
