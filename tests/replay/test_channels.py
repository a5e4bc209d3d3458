"""The same transcripts over every channel: what goes in as on the wire, what comes out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.message import Button, Picture, Reply
from engine.replay import Run, find, play, read, report, runs_of
from engine.replay.channels.sms import lacking as unsaid
from engine.replay.exchange import Exchange
from engine.replay.fitting import lacking
from engine.replay.transcript import API, DIRECT, SMS, WECHAT
from engine.replay.troupe import Troupe
from tests.replay.conftest import Desk

FOLDER = Path(__file__).parents[1] / "replays"
CHANNELS = (WECHAT, API, SMS)
#: Between them: pictures, lists, taps, notices, payments, the desk, crashes, several processes.
PART = (
    *("checkin-twice", "checkin-two-journeys", "checkin-after-restart", "change-seat-by-buttons"),
    *("topup-one-sentence", "balance-own", "pay-callback", "pay-two-bills", "flight-by-route"),
    *("desk-choices", "desk-restart", "idle-question", "notice-flight", "talk-bare-values"),
    *("crash-in-the-effect", "delivered-again-after-restart", "workers-two-yes-at-once"),
    *("workers-delivered-three-times", "boarding-pass-again", "consult-unsure", "order-mine"),
    *("recorded-checkin", "voice-topup", "scan-starts-a-business", "talk-stale-buttons"),
    *("topup-double-yes", "talk-silence-and-pictures"),
)
RUNS = [
    run
    for channel in CHANNELS
    for run in runs_of([FOLDER / f"{name}.yaml" for name in PART], channel)
    if run.wording == 0
]


@pytest.mark.parametrize("run", RUNS, ids=str)
async def test_the_conversation_goes_over_the_channel_as_recorded(run: Run, troupe: Troupe) -> None:
    played = await play(run, troupe)

    assert not played.faults, "\n" + report.text(played)


@pytest.mark.parametrize(
    ("name", "channel", "lack"),
    [
        ("late-verified", API, "an official account"),
        ("late-verified", DIRECT, "an official account"),
        ("late-verified", WECHAT, ""),
        ("scan-starts-a-business", API, "events"),
        ("voice-topup", SMS, "voices"),
        ("voice-topup", API, ""),
        ("voice-troubles", API, "a voice that is "),
        ("sms-stop", WECHAT, "another channel"),
        ("sms-stop", SMS, ""),
        ("notice-stop-all", SMS, "a word that ends every subscription"),
        ("talk-stale-buttons", SMS, "taps on what was shown before the last question"),
    ],
)
def test_a_transcript_that_a_channel_cannot_carry_is_left_out(
    name: str, channel: str, lack: str
) -> None:
    file = FOLDER / f"{name}.yaml"

    assert lacking(read(file).transcript, channel).startswith(lack)
    assert bool(runs_of([file], channel)) is (lack == "")


def test_most_transcripts_can_go_over_every_channel() -> None:
    transcripts = [read(file).transcript for file in find([FOLDER])]

    carried = {c: sum(not lacking(one, c) for one in transcripts) for c in CHANNELS}

    assert min(carried.values()) > len(transcripts) * 0.9


async def test_a_transcript_says_what_it_goes_over(desk: Desk) -> None:
    top = "channel: sms\n"

    played = await desk.play(
        """\
        steps:
          - say: 给13900138000充一百
            expect: {asks: confirm, reply: [100 元]}
        """,
        top=top,
    )

    assert not played.faults
    assert played.exchanges[0].channel == SMS
    assert played.exchanges[0].inbound is not None
    assert played.exchanges[0].inbound.openid.startswith("+86100")


PASS = Picture("boarding_pass", {}, "登机牌 12A", "p1")


@pytest.mark.parametrize(
    ("arrived", "missing"),
    [
        ("办好了\n登机牌 12A\nhttps://replay.example/media/p1.png\n1. 确认", []),
        ("办好了\n登机牌12A\nhttps://replay.example/media/p1.png\n1. 确认", []),
        ("办好了\nhttps://replay.example/media/p1.png\n1. 确认", ["登机牌 12A"]),
        ("办好了\n登机牌 12A\n1. 确认", ["/media/p1"]),
        ("办好了，确认\n登机牌 12A\nhttps://replay.example/media/p1.png", ["1. 确认"]),
    ],
)
def test_a_short_message_has_to_say_all_that_was_meant(arrived: str, missing: list[str]) -> None:
    reply = Reply(text="办好了", picture=PASS, buttons=(Button("确认", "/affirm"),))

    assert list(unsaid(reply, arrived)) == missing


def test_on_the_wire_only_what_answers_a_request_comes_again() -> None:
    first, second = Reply(text="一"), Reply(text="二")

    def exchange(*replies: Reply, channel: str) -> Exchange:
        return Exchange(None, replies, None, (), channel=channel)

    before = exchange(first, second, channel=WECHAT)
    assert exchange(first, channel=WECHAT).repeats(before)
    assert not exchange(second, channel=WECHAT).repeats(before)
    assert not exchange(first, channel=DIRECT).repeats(before)
    assert not exchange(first, channel=WECHAT).repeats(None)
