"""Slips in a transcript are told with file and line before or instead of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.replay import TranscriptError, find, read

STEPS = "steps: [{say: 你好}]\n"


@pytest.mark.parametrize(
    ("rest", "at", "message"),
    [
        ("steps:\n  - sya: 你好\n", "sya", "steps.0.sya: is not a known key"),
        ("steps:\n  - {say: 你好, wait: 1m}\n", "wait", "exactly one of"),
        ("steps:\n  - {expect: {asks: seat}}\n", "asks", "exactly one of"),
        ("steps:\n  - say: 你好\n    expect:\n      aks: seat\n", "aks", "not a known key"),
        ("steps:\n  - wait: later\n", "later", "a time like 30s"),
        ("steps:\n  - wait: ''\n", "wait", "a time like 30s"),
        ("steps:\n  - {wait: 1m, expect: {reply: 好}}\n", "wait", "nothing is answered"),
        ("steps:\n  - {restart: true, expect: {}}\n", "restart", "nothing is said"),
        ("steps:\n  - voice: a.amr\n", "voice", "needs `heard`"),
        ("steps:\n  - {say: a, heard: b}\n", "heard", "belongs to a voice"),
        ("steps:\n  - {say: a, confidence: 1}\n", "confidence", "belongs to a voice"),
        ("steps:\n  - {voice: a, heard: b, confidence: 2}\n", "confidence", "less than"),
        ("steps:\n  - {say: a, expect: {heard_cer: -1}}\n", "heard_cer", "greater than"),
        ("steps:\n  - click: {button: seat}\n", "click", "go together"),
        ("steps:\n  - click: {label: a, intent: b}\n", "click", "needs one of"),
        ("steps:\n  - redeliver: first\n", "redeliver", "redeliver"),
        ("steps:\n  - {say: a, expect: {reply: '/(/'}}\n", "reply", "no regular expression"),
        (
            "steps:\n  - {say: a, expect: {reply: '/a{99999999999}/'}}\n",
            "reply",
            "no regular expression",
        ),
        ("steps: []\n", "steps", "at least 1 item"),
        (STEPS + "effect: []\n", "effect", "effect: is not a known key"),
        (STEPS + "effects: [{a: {}, b: {}}]\n", "effects", "at most 1 item"),
        (STEPS + "stubs: {a: [{ok: 1, timeout: 3s}]}\n", "stubs", "is one of"),
        (STEPS + "stubs: {a: [{refused: {near: []}}]}\n", "stubs", "needs a `reason`"),
        (STEPS + "zone: Asia/Shangha\n", "zone", "no time zone"),
        (STEPS + "world: nowhere.yaml\n", "world", "there is no file"),
        (STEPS + "steps: []\n", "steps: []", "`steps` stands twice"),
        (STEPS + "name: [\n", "name: [", "not YAML"),
    ],
)
def test_a_slip_is_told_with_its_line(desk: Any, rest: str, at: str, message: str) -> None:
    file = desk.write(rest)
    with pytest.raises(TranscriptError) as caught:
        read(file)
    told = str(caught.value)
    assert message in told
    assert told.startswith(f"{file}:")
    assert int(told.split(":")[1]) in range(desk.line_of(at) - 1, desk.line_of(at) + 2)


@pytest.mark.parametrize(
    ("rest", "at", "message"),
    [
        ("steps:\n  - say: 你好\n    expect: {slots: {seatt: none}}\n", "seatt", "`seat`?"),
        ("steps:\n  - say: 你好\n    expect: {slots_only: {amont: '1'}}\n", "amont", "`amount`?"),
        (STEPS + "stubs: {telecom.topup: [timeout]}\n", "topup", "`telecom.top_up`?"),
        (STEPS + "effects: [telecom.topup]\n", "topup", "`telecom.top_up`?"),
        (STEPS + "never: [airlin.*]\n", "airlin", "fits no effect"),
        (STEPS + "after: [{query: telecom.balanc, rows: []}]\n", "balanc", "`telecom.balance`?"),
        (STEPS + "world: {flights: nothing}\n", "world", "flights"),
        ("steps:\n  - redeliver: last\n", "redeliver", "nothing was sent"),
    ],
)
async def test_a_name_that_nobody_knows_is_told_with_its_line(
    desk: Any, rest: str, at: str, message: str
) -> None:
    with pytest.raises(TranscriptError) as caught:
        await desk.play(rest)
    assert str(caught.value).startswith(f"{desk.file}:{desk.line_of(at)}: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("member", ["王二", "{name: 张三, phone: '13900138000'}"])
async def test_a_member_that_the_company_does_not_have_is_told(desk: Any, member: str) -> None:
    desk.write(STEPS)
    text = desk.file.read_text("utf-8").replace("member: 张三", f"member: {member}")
    desk.file.write_text(text, "utf-8")
    from engine.replay import play, runs_of

    with pytest.raises(TranscriptError, match=r"talk.yaml:4: the company has no member"):
        await play(runs_of([desk.file])[0], desk.troupe)


def test_a_folder_without_transcripts_and_a_missing_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(TranscriptError, match="holds no transcripts"):
        find([tmp_path])
    with pytest.raises(TranscriptError, match=r"gone.yaml:1: there is no such file"):
        read(find([tmp_path / "gone.yaml"])[0])
