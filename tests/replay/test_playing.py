"""The means of a transcript: wordings, time, restarts, repeats, stubs, worlds, events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine.business.provider import Business
from engine.replay import TranscriptError, play, runs_of
from engine.replay.answers import Answer
from engine.replay.stubs import Stubbed

TOPUP = Path(__file__).parents[2] / "dialogs" / "topup.yaml"


async def test_every_wording_is_played(desk: Any) -> None:
    file = desk.write("""\
steps:
  - say_any: [你好, 您好, 早上好]
  - say_any: [谢谢, 多谢]
""")
    runs = runs_of([file])
    said = []
    for run in runs:
        played = await play(run, desk.troupe)
        said.append([exchange.inbound.text for exchange in played.exchanges.values()])
    assert said == [["你好", "谢谢"], ["您好", "多谢"], ["早上好", "谢谢"]]
    assert [str(run) for run in runs] == ["talk[1]", "talk[2]", "talk[3]"]


async def test_a_run_leaves_nothing_for_the_next(desk: Any) -> None:
    rest = """\
steps: [{say: 给13900138000充一百}, {say: 确认, expect: {reply: "112.05", image: receipt}}]
effects: [telecom.top_up]
"""
    assert await desk.faults(rest) == []
    assert await desk.faults(rest) == []


async def test_the_same_transcript_gives_the_same_words_again(desk: Any) -> None:
    rest = "steps: [{say: 给13900138000充一百}, {say: 确认}]\n"
    first, second = [await desk.play(rest) for _ in range(2)]
    assert [e.replies for e in first.exchanges.values()] == [
        e.replies for e in second.exchanges.values()
    ]


async def test_only_wait_moves_the_clock(desk: Any) -> None:
    played = await desk.play("steps: [{say: 你好}, {say: 你好}, {wait: 1d2h3m4s}, {say: 你好}]\n")
    said = [each.inbound for each in played.exchanges.values() if each.inbound]
    at = [inbound.at.isoformat() for inbound in said]
    assert at == [
        "2026-11-23T10:00:00+08:00",
        "2026-11-23T10:00:00+08:00",
        "2026-11-24T12:03:04+08:00",
    ]


async def test_the_business_keeps_up_with_the_days_that_pass(desk: Any) -> None:
    assert (
        await desk.faults("""\
steps:
  - wait: 20d
  - say: CA1234几点起飞
    expect: {reply: 12月14日}
""")
        == []
    )


async def test_a_restart_keeps_what_was_stored_and_nothing_else(desk: Any) -> None:
    assert (
        await desk.faults("""\
steps:
  - say: 给13900138000充值
    expect: {asks: amount}
  - restart: true
  - say: 一百
    expect: {asks: confirm}
  - redeliver: last
    expect: {reply: same, effects_delta: none}
""")
        == []
    )


async def test_a_stub_answers_once_then_the_real_function_does(desk: Any) -> None:
    top = """\
stubs:
  telecom.check_top_up:
    - refused: {reason: not_offered, near: ["30"]}
    - ok: [{amount: "30", price: "1.23", operator: 移动}]
"""
    assert (
        await desk.faults(
            """\
steps:
  - say: 给13900138000充一百
    expect: {reject: not_offered, options: ["30"]}
  - say: "30"
    expect: {asks: confirm, reply: 1.23 元}
  - say: 改成五十
    expect: {asks: confirm, reply: 49.8 元}
""",
            top=top,
        )
        == []
    )


async def test_a_world_replaces_keys_of_the_demo_world(desk: Any) -> None:
    assert (
        await desk.faults(
            "steps: [{say: 给13900138000充300, expect: {reject: over_daily_limit}}]\n",
            top='world: {daily_limit: "200"}\n',
        )
        == []
    )


async def test_a_world_may_stand_in_a_file(desk: Any) -> None:
    (desk.file.parent / "worlds").mkdir()
    (desk.file.parent / "worlds" / "poor.txt").write_text('daily_limit: "200"\n', "utf-8")
    assert (
        await desk.faults(
            "steps: [{say: 给13900138000充300, expect: {reject: over_daily_limit}}]\n",
            top="world: worlds/poor.txt\n",
        )
        == []
    )


async def test_events_voices_and_pictures_come_as_what_they_are(desk: Any) -> None:
    played = await desk.play("""\
steps:
  - event: subscribe
  - event: {name: click, key: /topup}
  - voice: a.amr
    heard: 一百
  - image: b.jpg
  - click: {intent: affirm}
effects: [telecom.top_up]
""")
    sent = [exchange.inbound for exchange in played.exchanges.values()]
    tapped = sent.pop()
    assert (tapped.kind, tapped.text) == ("text", "确认")
    assert tapped.payload.startswith("confirm=")
    heard = [exchange.heard for exchange in played.exchanges.values()]
    assert heard == ["", "", "一百", "", ""]
    assert [(i.kind, i.event, i.payload, i.text, i.media_id) for i in sent] == [
        ("event", "subscribe", "", "", ""),
        ("event", "click", "/topup", "", ""),
        ("voice", "", "", "", "a.amr"),
        ("image", "", "", "", "b.jpg"),
    ]
    assert played.faults == []


async def test_a_task_that_resumes_another_is_the_task_of_its_turn(desk: Any) -> None:
    assert (
        await desk.faults("""\
steps:
  - say: 给13900138000充值
  - say: 我话费还剩多少
    expect:
      task: query_balance
      done: query_balance
      then: {resumes: topup, asks: amount}
""")
        == []
    )


async def test_messages_at_once_go_to_different_processes(desk: Any) -> None:
    played = await desk.play("steps: [{at_once: [你好, 谢谢]}]\n", top="workers: 2\n")
    (exchange,) = played.exchanges.values()
    assert [reply.text[:3] for reply in exchange.replies] == ["您好！", "不客气"]
    assert played.faults == []


async def test_a_crash_answers_nothing_and_changes_nothing(desk: Any) -> None:
    faults = await desk.faults(
        """\
steps:
  - say: 给13900138000充一百
  - {say: 确认, expect: {reply: none, effects_delta: none}}
  - {redeliver: last, expect: {done: topup, image: receipt}}
effects: [telecom.top_up]
""",
        top="stubs: {telecom.top_up: [crash]}\n",
    )
    assert faults == []


async def test_an_edited_script_is_one_that_holds_the_part(desk: Any) -> None:
    with pytest.raises(TranscriptError, match="does not hold '没有的话'"):
        await desk.play("steps: [{reload: {topup: {没有的话: 别的话}}}]\n")


async def test_a_script_that_was_edited_badly_is_told_with_its_line(desk: Any) -> None:
    (fault,) = await desk.faults('steps: [{reload: {topup: {"type: phone": "type: fone"}}}]\n')
    lines = TOPUP.read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "type: phone" in text)
    told = f"topup.yaml:{line}: phone: there is no type `fone`; did you mean `phone`?"
    assert told in fault.came


async def test_a_call_over_http_is_answered_by_the_stub_of_its_address() -> None:
    address = "https://shop.example.com/orders"
    answers = (Answer(ok={"no": "7"}), Answer(refused={"reason": "shut", "until": "8"}))
    stubbed = Stubbed(Business("none"), {address: answers})
    sent = {"body": b"", "headers": {}, "seconds": 1.0}
    assert (await stubbed.post(address, **sent)).body == b'{"ok":{"no":"7"}}'
    refused = msgspec.json.decode((await stubbed.post(address, **sent)).body)
    assert refused == {"refused": {"reason": "shut", "until": "8"}}
    with pytest.raises(OSError, match="stub the address"):
        await stubbed.post(address, **sent)
