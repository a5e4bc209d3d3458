"""Notices that reach customers by template where no message of ours may go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from engine import late
from engine.channels.wechat import outcomes
from engine.channels.wechat.api import Api
from engine.channels.wechat.compose import Composer
from engine.channels.wechat.sender import Line, Sender
from engine.channels.wechat.standing import Standing
from engine.channels.wechat.verdicts import RETRY_FIRST
from engine.channels.wechat.wire import OUTCOME
from engine.message import Inbound, Kind, Reply
from engine.settings import Account, Template
from engine.store import Store, held
from engine.store.schema import outbox
from tests.channels.wechat.conftest import OK, SEND, Clock, Platform, refusal

TEMPLATE = "/cgi-bin/message/template/send"
NOTICE = "/cgi-bin/message/subscribe/bizsend"
FACTS = {"flight": "CA1234", "minutes": 40}
DATA = {"thing1": "{flight}", "thing2": "晚 {minutes} 分钟{unknown}"}
SAID = Reply(text="您的航班晚点了")


def sender_of(store: Store, api: Api, account: Account, clock: Clock, **template: Any) -> Sender:
    """What sends for an account that has a template."""
    told = Template.model_validate({"id": "T1", "data": DATA, **template})
    line = Line(
        Composer("https://example.com"),
        Standing(account.name, may_write=True),
        api,
        templates={"flight_delayed": told},
    )
    return Sender(store, {account.name: line}, clock=clock, pause=0)


async def tell(
    store: Store, api: Api, account: Account, clock: Clock, **template: Any
) -> list[str]:
    """Send a notice that has a template; what waits for the customer's next message then."""
    sender = sender_of(store, api, account, clock, **template)
    customer = {"account": account.name, "openid": "o1"}
    async with store.writing() as connection:
        await late.put(
            connection,
            [SAID],
            account=account.name,
            openid="o1",
            due=clock(),
            notice="flight_delayed",
            facts=FACTS,
        )
    await sender.sweep()
    async with store.reading() as connection:
        return [reply.text for reply in late.replies(await held.of(connection, **customer))]


async def test_where_a_message_may_go_the_notice_is_a_message(
    store: Store, api: Api, airline: Account, clock: Clock, platform: Platform
) -> None:
    assert await tell(store, api, airline, clock) == []
    assert platform.said() == [SAID.text]
    assert platform.at(TEMPLATE) == []


@pytest.mark.parametrize("code", [45015, 45047])
async def test_outside_the_window_the_notice_is_a_template(
    store: Store, api: Api, airline: Account, clock: Clock, platform: Platform, code: int
) -> None:
    platform.answers[SEND] = [refusal(code)]
    assert await tell(store, api, airline, clock, url="https://example.com/f/{flight}") == []
    (call,) = platform.at(TEMPLATE)
    assert len(call.content.pop("client_msg_id")) == 32
    assert call.content == {
        "touser": "o1",
        "template_id": "T1",
        "url": "https://example.com/f/CA1234",
        "data": {"thing1": {"value": "CA1234"}, "thing2": {"value": "晚 40 分钟"}},
    }


async def test_a_subscription_notice_goes_its_own_way(
    store: Store, api: Api, airline: Account, clock: Clock, platform: Platform
) -> None:
    platform.answers[SEND] = [refusal(45015)]
    options = {"kind": "subscription", "page": "f/{flight}"}
    assert await tell(store, api, airline, clock, **options) == []
    (call,) = platform.at(NOTICE)
    assert (call.content["page"], "client_msg_id" in call.content) == ("f/CA1234", False)


async def test_a_template_may_be_the_first_way(
    store: Store, api: Api, airline: Account, clock: Clock, platform: Platform
) -> None:
    assert await tell(store, api, airline, clock, always=True) == []
    assert (platform.said(), len(platform.at(TEMPLATE))) == ([], 1)


@pytest.mark.parametrize("code", [43101, 40037, -1])
async def test_a_notice_that_the_platform_takes_in_no_form_waits_for_the_next_message(
    store: Store, api: Api, airline: Account, clock: Clock, platform: Platform, code: int
) -> None:
    platform.answers[SEND] = [refusal(45015)]
    platform.answers[TEMPLATE] = [refusal(code)]
    assert await tell(store, api, airline, clock) == [SAID.text]


async def test_behind_words_that_wait_a_notice_still_goes_by_template(
    store: Store, api: Api, airline: Account, clock: Clock, platform: Platform
) -> None:
    async with store.writing() as connection:
        await late.put(
            connection, [Reply(text="一")], account=airline.name, openid="o1", due=held.HELD
        )
    assert await tell(store, api, airline, clock) == ["一"]
    assert (platform.said(), len(platform.at(TEMPLATE))) == ([], 1)


async def outcome(
    store: Store, account: Account, clock: Clock, status: str, id: str = "77"
) -> None:
    """Let the platform say what became of a template message."""
    inbound = Inbound(
        account=account.name,
        openid="o1",
        key="e",
        at=clock(),
        kind=Kind.EVENT,
        event=OUTCOME,
        text=status,
        payload=id,
    )
    await outcomes.settle(store, inbound, now=clock())


async def rows(store: Store) -> int:
    async with store.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(outbox)) or 0


@pytest.mark.parametrize("status", ["success", "failed:user block"])
async def test_what_arrived_or_was_blocked_is_over(
    store: Store, api: Api, airline: Account, clock: Clock, platform: Platform, status: str
) -> None:
    platform.answers[TEMPLATE] = [{**OK, "msgid": 77}]
    await tell(store, api, airline, clock, always=True)
    assert await rows(store) == 1
    await outcome(store, airline, clock, status, "78")
    assert await rows(store) == 1
    await outcome(store, airline, clock, status)
    assert await rows(store) == 0


async def test_what_the_platform_failed_to_deliver_is_told_again_as_another_message(
    store: Store, api: Api, airline: Account, clock: Clock, platform: Platform
) -> None:
    platform.answers[TEMPLATE] = [{**OK, "msgid": 77}, {**OK, "msgid": 78}]
    await tell(store, api, airline, clock, always=True)
    await outcome(store, airline, clock, "failed: system failed")
    sender = sender_of(store, api, airline, clock, always=True)
    assert await sender.sweep() == 0
    clock.now += RETRY_FIRST
    assert await sender.sweep() == 1
    first, second = (call.content["client_msg_id"] for call in platform.at(TEMPLATE))
    assert first != second
    await outcome(store, airline, clock, "success", "78")
    assert await rows(store) == 0


async def test_an_outcome_that_never_comes_ends_the_wait_after_a_day(
    store: Store, api: Api, airline: Account, clock: Clock, platform: Platform
) -> None:
    platform.answers[TEMPLATE] = [{**OK, "msgid": 77}]
    await tell(store, api, airline, clock, always=True)
    sender = sender_of(store, api, airline, clock, always=True)
    clock.now += outcomes.PATIENCE - timedelta(seconds=1)
    assert await sender.sweep() == 0
    clock.now += timedelta(seconds=1)
    assert await sender.sweep() == 1
    assert (await rows(store), len(platform.at(TEMPLATE))) == (0, 1)
