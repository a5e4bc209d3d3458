"""Short messages on either database: taken once, answered once, stopped at a word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from engine import late
from engine.business.http import Answer
from engine.channels.errors import Reused
from engine.channels.sms.account import SmsAccount
from engine.channels.sms.channel import SILENCED, Numbers, wants_silence
from engine.channels.sms.sender import SmsSender
from engine.message import SILENCE, Button, Inbound, Kind, Reply
from engine.store import Store

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
HEAD = {"X-Secret": "of-the-gateway", "content-type": "application/json"}
ACCOUNT = SmsAccount.model_validate(
    {
        "name": "phone",
        "channel": "sms",
        "secret": "of-the-gateway",
        "send": {"url": "https://gateway.example/send"},
    }
)


class Echo:
    """Says again what was said; has nothing to say to silence."""

    def __init__(self) -> None:
        self.taken: list[Inbound] = []

    async def take(self, inbound: Inbound) -> tuple[Reply, ...]:
        self.taken.append(inbound)
        return () if inbound.event == SILENCE else (Reply(text=f"说了{inbound.text}"),)


class Process:
    """One of several processes over one database, with the gateway behind it."""

    def __init__(self, store: Store, turns: Echo) -> None:
        accounts = {"phone": ACCOUNT}
        self.numbers = Numbers(accounts, {"phone": turns}, store, clock=lambda: NOW)
        self.sender = SmsSender(
            accounts, store, post=self._take, public_url="https://x", clock=lambda: NOW
        )
        self.sent: list[str] = []

    async def say(self, text: str, id: str) -> None:
        body = msgspec.json.encode({"id": id, "from": "13912345678", "text": text})
        await self.numbers.receive("phone", HEAD, body)

    async def _take(
        self, url: str, *, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> Answer:
        told: dict[str, Any] = msgspec.json.decode(body)
        self.sent.append(told["text"])
        return Answer(202, b"")


async def test_two_processes_answer_a_message_once_and_in_order(either: Store) -> None:
    turns = Echo()
    one, other = Process(either, turns), Process(either, turns)
    for process in (one, other, one):
        await process.say("你好", "g1")
    await other.say("再见", "g2")
    await one.sender.sweep()
    await other.sender.sweep()
    assert one.sent == ["说了你好", "说了再见"]
    assert other.sent == []
    with pytest.raises(Reused):
        await other.say("别的", "g1")


async def test_a_long_answer_is_several_rows_and_leaves_in_order(either: Store) -> None:
    process = Process(either, Echo())
    async with either.writing() as connection:
        who = {"account": "phone", "openid": "13912345678"}
        await late.put(connection, [Reply(text="一" * 150), Reply(text="二")], due=NOW, **who)
    while await process.sender.sweep():
        pass
    assert process.sent == ["一" * 70, "一" * 70, "一" * 10, "二"]


async def test_a_word_that_stops_is_an_event_and_is_answered(either: Store) -> None:
    turns = Echo()
    process = Process(either, turns)
    await process.say(" td. ", "g1")
    await process.say("退订航班提醒", "g2")
    await process.sender.sweep()
    assert [each.kind for each in turns.taken] == [Kind.EVENT, Kind.TEXT]
    assert process.sent == [SILENCED, "说了退订航班提醒"]


@pytest.mark.parametrize("text", ["退订", "TD", "t", "R", "STOP", "Unsubscribe", "退 订。", "拒收"])
def test_the_words_that_stop(text: str) -> None:
    assert wants_silence(text)


@pytest.mark.parametrize("text", ["", "退", "别停", "不退订", "stop the car", "12A"])
def test_other_words_do_not_stop(text: str) -> None:
    assert not wants_silence(text)


class Asking(Echo):
    """Asks the same question after every message."""

    async def take(self, inbound: Inbound) -> tuple[Reply, ...]:
        self.taken.append(inbound)
        yes, no = Button("确认", "/affirm"), Button("取消", "/cancel")
        return (Reply(text="充 50 元？" * 12, buttons=(yes, no)),)


async def test_the_number_of_a_choice_is_taken_as_the_choice_by_any_process(either: Store) -> None:
    turns = Asking()
    one, other = Process(either, turns), Process(either, turns)
    for process, text in ((one, "1"), (other, "2"), (one, "50"), (other, "１")):
        await process.say(text, f"g{len(turns.taken)}")
        while await one.sender.sweep():
            pass
    # Something without choices is the last that the phone shows.
    async with either.writing() as connection:
        who = {"account": "phone", "openid": "13912345678"}
        await late.put(connection, [Reply(text="登机口改了")], due=NOW, **who)
    await one.sender.sweep()
    await other.say("1", "g5")
    assert [(each.text, each.payload) for each in turns.taken] == [
        ("1", ""),
        ("取消", "/cancel"),
        ("50", ""),
        ("确认", "/affirm"),
        ("1", ""),
    ]
    assert one.sent[1].endswith("1. 确认\n2. 取消")
