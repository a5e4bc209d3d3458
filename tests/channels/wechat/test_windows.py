"""What may still be sent to a customer, counted here before the platform has to refuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine import late
from engine.channels.wechat import wire
from engine.channels.wechat.compose import Composer
from engine.channels.wechat.sender import Line, Sender
from engine.channels.wechat.standing import Standing
from engine.channels.wechat.windows import Windows
from engine.channels.wechat.xml import parse
from engine.message import Reply
from engine.store import Store, held, inbox
from tests.channels.wechat.test_sender import ScriptedApi

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
TEXT = "<MsgType>text</MsgType><Content>你好</Content><MsgId>{number}</MsgId>"
EVENT = "<MsgType>event</MsgType><Event>{event}</Event><EventKey>/topup</EventKey>"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def windows(either: Store, clock: Clock) -> Windows:
    return Windows("airline", either, clock=clock)


async def does(store: Store, at: datetime, what: str) -> None:
    """Let a turn have taken what a customer did, under the key that it has on the wire."""
    who = "<ToUserName>gh</ToUserName><FromUserName>o_1</FromUserName>"
    when = f"<CreateTime>{int(at.timestamp())}</CreateTime>"
    fields = parse(f"<xml>{who}{when}{what}</xml>".encode())
    key = wire.read(fields, account="airline").key
    async with store.writing() as connection:
        await inbox.record(
            connection, key=key, account="airline", openid="o_1", answer=b"[]", now=at
        )


async def test_nothing_is_known_of_somebody_who_never_wrote_here(windows: Windows) -> None:
    assert await windows.shut("o_1") == ""


async def test_a_message_opens_five_for_two_days(
    either: Store, windows: Windows, clock: Clock
) -> None:
    await does(either, NOW, TEXT.format(number=1))
    for _ in range(5):
        assert await windows.shut("o_1") == ""
        windows.sent("o_1")
    assert await windows.shut("o_1") == "the reply window is full"
    clock.now += timedelta(minutes=1)
    await does(either, clock.now, TEXT.format(number=2))
    assert await windows.shut("o_1") == ""
    clock.now += timedelta(hours=47, minutes=59)
    assert await windows.shut("o_1") == ""
    clock.now += timedelta(minutes=1)
    assert await windows.shut("o_1") == "outside the reply window"


@pytest.mark.parametrize("event", ["CLICK", "subscribe", "SCAN"])
async def test_an_event_opens_three_for_a_minute(
    either: Store, windows: Windows, clock: Clock, event: str
) -> None:
    await does(either, NOW, EVENT.format(event=event))
    for _ in range(3):
        assert await windows.shut("o_1") == ""
        windows.sent("o_1")
    assert await windows.shut("o_1") == "the reply window is full"
    clock.now += timedelta(minutes=1)
    assert await windows.shut("o_1") == "outside the reply window"


async def test_a_message_has_room_beside_an_event(either: Store, windows: Windows) -> None:
    await does(either, NOW, TEXT.format(number=1))
    await does(either, NOW, EVENT.format(event="CLICK"))
    for _ in range(4):
        windows.sent("o_1")
    assert await windows.shut("o_1") == ""


async def test_what_has_no_room_waits_and_the_platform_is_not_asked(
    either: Store, windows: Windows, clock: Clock
) -> None:
    await does(either, NOW, TEXT.format(number=1))
    api = ScriptedApi()
    line = Line(Composer("https://x"), Standing("airline", may_write=True), api, windows=windows)
    told = [Reply(text=str(number)) for number in range(7)]
    async with either.writing() as connection:
        await late.put(connection, told, account="airline", openid="o_1", due=NOW)
    await Sender(either, {"airline": line}, clock=clock, pause=0).sweep()
    async with either.reading() as connection:
        waiting = await held.of(connection, account="airline", openid="o_1")
    assert api.sent == ["0", "1", "2", "3", "4"]
    assert [reply.text for reply in late.replies(waiting)] == ["5", "6"]
