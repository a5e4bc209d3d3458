"""Transcripts brought to what the engine does now."""

from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner

from engine.cli import app
from engine.replay.updating import put, update

OLD = """\
# A comment stays.
steps:
  - say_any: [给13900138000充一百, 往13900138000打100]
    expect: {asks: amount, slots: {amount: "50"}, reply: 请确认：给某号码充值}   # so does this
  - say: 改成五十
    expect:
      repair: back
      slots_only:
        phone: "13900138000"

  - {say: 确认, expect: {done: query_flight, image: receipt}}
effects: [telecom.top_up]
"""


async def test_values_change_and_all_else_stays(desk: Any) -> None:
    updated = await update(desk.write(OLD), desk.troupe)
    assert updated.left == ()
    body = updated.after.partition("# A comment stays.\n")[2]
    assert "expect: {asks: confirm, slots: {amount: '100'}, reply: \"" not in body
    assert "asks: confirm, slots: {amount: '100'}, reply: 请确认：给移动号码" in body
    assert "   # so does this\n" in body
    assert "      repair: correction\n      slots_only:\n" in body
    confirmed = "  - {say: 确认, expect: {done: topup, image: receipt}}"
    assert f"{{phone: '13900138000', amount: '50'}}\n\n{confirmed}" in body


async def test_an_effect_is_for_a_person_to_decide(desk: Any) -> None:
    rest = OLD.replace("effects: [telecom.top_up]", "effects: none")
    updated = await update(desk.write(rest), desk.troupe)
    assert [fault.what for fault in updated.left] == ["effects"]
    assert "effects: none" in updated.after


async def test_wordings_that_come_to_different_things_are_for_a_person_as_well(desk: Any) -> None:
    rest = "steps: [{say_any: [你好, 谢谢], expect: {intent: affirm}}]\n"
    updated = await update(desk.write(rest), desk.troupe)
    assert updated.diff == ""
    assert {fault.came for fault in updated.left} == {"greet", "thanks"}


def test_the_command_shows_the_difference_and_asks(desk: Any) -> None:
    file = desk.write("steps: [{say: 你好, expect: {intent: thanks}}]\n")
    before = file.read_text("utf-8")
    refused = CliRunner().invoke(app, ["replay", str(file), "--update"], input="n\n")
    assert refused.exit_code == 1
    assert "+steps: [{say: 你好, expect: {intent: greet}}]" in refused.stdout
    assert file.read_text("utf-8") == before
    done = CliRunner().invoke(app, ["replay", str(file), "--update", "--yes"])
    assert done.exit_code == 0, done.output
    assert file.read_text("utf-8") == before.replace("thanks", "greet")


@pytest.mark.parametrize(
    ("text", "place", "value", "after"),
    [
        ("a: b # c\n", ("a",), "d", "a: d # c\n"),
        ("a: [x, 'y']\n", ("a", 1), "z", "a: [x, z]\n"),
        ("a: x\n", ("a", 0), "z", "a: z\n"),
        ("a:\n  - x\n  - y\n\nb: 1\n", ("a",), ["z"], "a:\n  [z]\n\nb: 1\n"),
        ('a: {b: "1"}\n', ("a", "b"), "2", "a: {b: '2'}\n"),
    ],
)
def test_a_value_is_put_at_its_place(text: str, place: Any, value: object, after: str) -> None:
    assert put(text, place, value) == after
