"""Every return code of the platform's table, answered by a real server to a real sender."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import structlog
from sqlalchemy import select

from engine import late
from engine.channels.wechat.api import Api
from engine.channels.wechat.codes import CODES, Handling
from engine.channels.wechat.compose import Composer
from engine.channels.wechat.sender import Line, Sender
from engine.channels.wechat.standing import Standing
from engine.channels.wechat.uploads import Uploads
from engine.channels.wechat.verdicts import RETRY_FIRST, RETRY_MOST
from engine.message import Button, Picture, Reply
from engine.settings import Account
from engine.store import Store, held
from engine.store.held import HELD
from engine.store.schema import outbox
from tests.channels.wechat.conftest import OK, SEND, TOKEN, UPLOAD, Clock, Platform, refusal

LONG = "长" * 600
MAP = Picture("receipt", {"rows": 3}, "座位图", "p1")
SEATS = (Button("12A 靠窗", "seat=12A"),)


@dataclass
class Post:
    """The sender of one account in front of the platform."""

    store: Store
    platform: Platform
    clock: Clock
    standing: Standing
    sender: Sender

    async def owe(self, *replies: Reply, openid: str = "o1") -> None:
        async with self.store.writing() as connection:
            due = self.clock()
            await late.put(connection, replies, account="plain", openid=openid, due=due)

    async def send(self, *replies: Reply, openid: str = "o1") -> None:
        await self.owe(*replies, openid=openid)
        await self.sender.sweep()

    async def due(self) -> list[datetime | None]:
        async with self.store.reading() as connection:
            return list(await connection.scalars(select(outbox.c.due).order_by(outbox.c.id)))

    async def waiting(self, openid: str = "o1") -> list[str]:
        """The words that the customer's next message will be answered with."""
        async with self.store.reading() as connection:
            rows = await held.of(connection, account="plain", openid=openid)
        return [reply.text for reply in late.replies(rows)]


@pytest.fixture
def post(
    store: Store, platform: Platform, api: Api, airline: Account, clock: Clock
) -> Callable[..., Post]:
    def make(*, images: bool = False) -> Post:
        standing = Standing(airline.name, may_write=True)
        uploads = Uploads(airline.name, api, store, lambda kind, model: b"PNG", clock=clock)
        line = Line(
            Composer("https://example.com", images=images),
            standing,
            api,
            uploads if images else None,
        )
        sender = Sender(store, {airline.name: line}, clock=clock, pause=0)
        return Post(store, platform, clock, standing, sender)

    return make


def of(*handlings: Handling) -> list[int]:
    return [code for code, known in CODES.items() if known.handling in handlings]


def test_every_code_of_the_table_has_a_row_here() -> None:
    told = {-1, 40001, 40014, 42001, 40003, 43004, 50005, 40007, 40013, 40125, 40164, 40033, 40200}
    told |= {45002, 45008, 45009, 45011, 45015, 45047, 45072, 45080, 45081, 47001, 48001, 48002}
    told |= {48004, 50002, 48008}
    assert told <= set(CODES)
    assert Handling.UNKNOWN not in {code.handling for code in CODES.values()}


@pytest.mark.parametrize("code", of(Handling.RETRY))
async def test_a_busy_platform_is_asked_again_after_a_while_that_doubles(
    post: Callable[..., Post], platform: Platform, clock: Clock, code: int
) -> None:
    one = post()
    platform.answers[SEND] = [refusal(code), refusal(code)]
    await one.send(Reply(text="一"))
    assert await one.due() == [clock() + RETRY_FIRST]
    clock.now += RETRY_FIRST
    await one.sender.sweep()
    assert await one.due() == [clock() + 2 * RETRY_FIRST]
    clock.now += 2 * RETRY_FIRST
    await one.sender.sweep()
    assert await one.due() == []
    assert platform.said() == ["一", "一", "一"]


@pytest.mark.parametrize("code", of(Handling.RENEW))
async def test_a_refused_token_costs_one_new_token_and_one_repeat(
    post: Callable[..., Post], platform: Platform, code: int
) -> None:
    one = post()
    platform.answers[SEND] = [refusal(code)]
    await one.send(Reply(text="一"))
    assert [call.token for call in platform.at(SEND)] == ["token1", "token2"]
    assert await one.due() == []


@pytest.mark.parametrize("code", of(Handling.MARK))
async def test_what_comes_for_no_follower_is_dropped_until_they_write_again(
    post: Callable[..., Post], platform: Platform, store: Store, code: int
) -> None:
    one = post()
    platform.answers[SEND] = [refusal(code)]
    await one.send(Reply(text="一"))
    await one.send(Reply(text="二"))
    assert (platform.said(), await one.waiting()) == (["一"], [])
    async with store.writing() as connection:
        # What the channel does with the answer to their next message.
        rows = await held.of(connection, account="plain", openid="o1")
        await held.taken(connection, [row.id for row in rows])
    await one.send(Reply(text="三"))
    assert platform.said() == ["一", "三"]
    assert await one.due() == []


@pytest.mark.parametrize("code", of(Handling.UPLOAD))
async def test_a_picture_that_the_platform_has_lost_is_uploaded_again(
    post: Callable[..., Post], platform: Platform, code: int
) -> None:
    one = post(images=True)
    platform.answers[SEND] = [OK, refusal(code)]
    await one.send(Reply(text="选座", picture=MAP))
    assert len(platform.at(UPLOAD)) == 2
    sent = [call.content for call in platform.at(SEND)]
    assert [each["msgtype"] for each in sent] == ["text", "image", "image"]
    assert [each["image"]["media_id"] for each in sent[1:]] == ["m1", "m2"]
    assert await one.due() == []


@pytest.mark.parametrize("code", of(Handling.ALARM))
@pytest.mark.parametrize("path", [SEND, TOKEN])
async def test_what_a_person_must_mend_is_an_alarm_and_the_reply_waits(
    post: Callable[..., Post], platform: Platform, clock: Clock, code: int, path: str
) -> None:
    one = post()
    platform.answers[path] = [refusal(code)]
    with structlog.testing.capture_logs() as logs:
        await one.send(Reply(text="一"))
    (alarm,) = [entry for entry in logs if entry["event"] == "platform refused"]
    assert (alarm["log_level"], alarm["code"], alarm["rid"]) == ("error", code, f"6789-{code}")
    assert await one.due() == [clock() + RETRY_MOST]


@pytest.mark.parametrize("code", [*of(Handling.BUG), 99999])
async def test_a_mistake_of_ours_and_an_unknown_code_are_logged_whole_and_not_repeated(
    post: Callable[..., Post], platform: Platform, clock: Clock, code: int
) -> None:
    one = post()
    platform.answers[SEND] = [refusal(code)]
    with structlog.testing.capture_logs() as logs:
        await one.send(Reply(text="一"))
    (told,) = [entry for entry in logs if entry["event"] == "platform refused"]
    assert (told["log_level"], told["code"], told["rid"]) == ("error", code, f"6789-{code}")
    clock.pass_(days=300)
    await one.sender.sweep()
    assert (platform.said(), await one.due()) == (["一"], [None])


@pytest.mark.parametrize("code", [40200, 48008])
async def test_a_kind_that_the_account_may_not_send_is_said_in_words_from_then_on(
    post: Callable[..., Post], platform: Platform, code: int
) -> None:
    one = post()
    platform.answers[SEND] = [refusal(code)]
    await one.send(Reply(text="坐哪？", buttons=SEATS))
    await one.send(Reply(text="还有？", buttons=SEATS))
    menu, first, second = platform.said()
    assert menu == "msgmenu"
    assert first.startswith("坐哪？\n<a href=")
    assert second.startswith("还有？\n<a href=")
    assert await one.due() == []


@pytest.mark.parametrize("code", of(Handling.OFF))
async def test_an_account_without_customer_messages_answers_the_next_message_instead(
    post: Callable[..., Post], platform: Platform, code: int
) -> None:
    one = post()
    platform.answers[SEND] = [refusal(code)]
    await one.send(Reply(text="一"))
    await one.send(Reply(text="二"), openid="o2")
    assert not one.standing.may_write
    assert platform.said() == ["一"]
    assert (await one.waiting(), await one.waiting("o2")) == (["一"], ["二"])


async def test_a_text_that_is_too_long_is_split_at_half_the_length(
    post: Callable[..., Post], platform: Platform
) -> None:
    one = post()
    platform.answers[SEND] = [refusal(45002)]
    await one.send(Reply(text=LONG))
    whole, *parts = platform.said()
    assert (whole, "".join(parts)) == (LONG, LONG)
    assert len(parts) == 2
    assert await one.due() == []


async def test_articles_that_are_too_many_are_said_in_words(
    post: Callable[..., Post], platform: Platform
) -> None:
    one = post()
    platform.answers[SEND] = [refusal(45008)]
    await one.send(Reply(text="选座", picture=MAP))
    article, words = platform.said()
    assert article == "news"
    assert words == '选座\n<a href="https://example.com/media/p1.png">座位图</a>'


@pytest.mark.parametrize("code", of(Handling.QUOTA))
async def test_a_quota_that_is_used_up_silences_the_account_until_midnight_in_china(
    post: Callable[..., Post], platform: Platform, clock: Clock, code: int
) -> None:
    one = post()
    platform.answers[SEND] = [refusal(code)]
    await one.send(Reply(text="一"))
    await one.send(Reply(text="二"), openid="o2")
    # It is 15:00 in China.
    midnight = clock() + timedelta(hours=9)
    assert (platform.said(), await one.due()) == (["一"], [midnight, midnight])
    clock.now = midnight
    await one.sender.sweep()
    assert sorted(platform.said()) == ["一", "一", "二"]


@pytest.mark.parametrize("code", of(Handling.HOLD))
async def test_outside_the_window_everything_waits_for_the_next_message_in_order(
    post: Callable[..., Post], platform: Platform, clock: Clock, code: int
) -> None:
    one = post()
    platform.answers[SEND] = [OK, refusal(code)]
    await one.send(Reply(text="一"), Reply(text="二"))
    await one.send(Reply(text="三"))
    clock.pass_(days=3)
    await one.sender.sweep()
    assert platform.said() == ["一", "二"]
    assert await one.waiting() == ["二", "三"]
    assert await one.due() == [HELD, HELD]


@pytest.mark.parametrize("code", of(Handling.DROP))
async def test_what_the_customer_has_switched_off_is_dropped(
    post: Callable[..., Post], platform: Platform, code: int
) -> None:
    one = post()
    platform.answers[SEND] = [refusal(code)]
    await one.send(Reply(text="一"))
    assert (platform.said(), await one.due()) == (["一"], [])
