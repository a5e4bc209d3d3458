from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from engine.relay import messages
from engine.relay.delivery import OUT_OF_ORDER
from engine.relay.errors import Unverified


async def test_a_text_travels_to_the_provider_and_its_answer_back(relay_in_mode: Any) -> None:
    relay = relay_in_mode
    relay.provider.says("您好 ]]&gt; <b>")

    sent = await relay.terminal.say("你好 ]]> & <xml>", "nonce-0001")

    shown = await relay.terminal.hears("您好 ]]&gt; <b>")
    message = relay.provider.received[-1]
    assert (message.type, message.content) == ("text", "你好 ]]> & <xml>")
    assert message.target == "gh_0123456789ab"
    assert message.source == relay.provider.requests[-1][0]["openid"]
    assert shown["id"] > sent["id"]


async def test_a_body_in_safe_mode_shows_nothing_but_the_account(
    open_provider: Any, open_relay: Any, tmp_path: Path
) -> None:
    async with open_provider("safe") as provider, open_relay(provider, tmp_path) as relay:
        await relay.terminal.post("/api/follow", number="banli")
        await provider.until(1)

    _, body = provider.requests[0]
    assert re.findall(rb"<(\w+)>", body) == [b"xml", b"ToUserName", b"Encrypt"]


async def test_following_and_unfollowing_are_told_once(relay: Any) -> None:
    await relay.terminal.post("/api/follow", number="banli")
    await relay.terminal.post("/api/unfollow", account="demo")
    await relay.provider.until(2)

    told = [message.event for message in relay.provider.received]
    assert told == ["subscribe", "unsubscribe"]
    status, refusal = await relay.terminal.post(
        "/api/send", account="demo", text="还在吗", nonce="nonce-0001"
    )
    assert (status, refusal) == (409, {"error": "请先关注这个公众号"})


async def test_an_openid_stays_the_same_after_following_again(relay: Any) -> None:
    await relay.terminal.post("/api/unfollow", account="demo")
    await relay.terminal.post("/api/follow", number="banli")
    await relay.provider.until(3)

    openids = {query["openid"] for query, _ in relay.provider.requests}
    assert len(openids) == 1
    assert re.fullmatch(r"o[\w-]{27}", openids.pop())


async def test_a_chat_is_gone_after_unfollowing(relay: Any) -> None:
    await relay.terminal.say("旧话", "nonce-0001")
    await relay.terminal.post("/api/unfollow", account="demo")
    await relay.terminal.post("/api/follow", number="banli")

    _, told = await relay.terminal.get("/api/history?account=demo")
    assert [message["kind"] for message in told["messages"]] == ["event"]


async def test_a_tapped_choice_carries_its_id(relay: Any) -> None:
    await relay.terminal.say("12A", "nonce-0001", choice="seat=12A")
    await relay.provider.until(2)

    assert b"<bizmsgmenuid><![CDATA[seat=12A]]></bizmsgmenuid>" in relay.provider.requests[-1][1]


async def test_a_menu_entry_is_a_click_event_with_its_key(relay: Any) -> None:
    status, _ = await relay.terminal.post(
        "/api/menu", account="demo", type="click", target="/f", nonce="nonce-0001"
    )
    await relay.provider.until(2)

    message = relay.provider.received[-1]
    assert (status, message.event, message.key) == (200, "click", "/f")


async def test_a_silent_provider_is_asked_three_times_with_one_message_id(relay: Any) -> None:
    relay.provider.silent = 3

    await relay.terminal.say("在吗", "nonce-0001")

    await relay.terminal.hears(OUT_OF_ORDER)
    bodies = [body for _, body in relay.provider.requests[1:]]
    assert len(bodies) == 3
    assert len(set(bodies)) == 1


async def test_an_answer_to_the_last_try_is_shown(relay: Any) -> None:
    relay.provider.silent = 2
    relay.provider.says("来了")

    sent = await relay.terminal.say("在吗", "nonce-0001")

    await relay.terminal.hears("来了")
    _, told = await relay.terminal.get("/api/history?account=demo")
    status = {message["id"]: message["status"] for message in told["messages"]}
    assert status[sent["id"]] == "sent"


@pytest.mark.parametrize("body", ["success", ""])
async def test_silence_shows_nothing(relay: Any, body: str) -> None:
    relay.provider.answers.append(lambda message: body)

    sent = await relay.terminal.say("好的", "nonce-0001")

    await relay.terminal.until(lambda each: each["id"] == sent["id"] and each["status"] == "sent")
    _, told = await relay.terminal.get("/api/history?account=demo")
    assert told["messages"][-1]["id"] == sent["id"]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda message: '{"ok": true}', id="json"),
        pytest.param(lambda message: web.Response(status=403), id="http status"),
        pytest.param(lambda message: "<xml><ToUserName>x</ToUserName></xml>", id="envelope"),
    ],
)
async def test_a_wrong_answer_is_out_of_order_at_once(relay: Any, answer: Any) -> None:
    relay.provider.answers.append(answer)

    sent = await relay.terminal.say("在吗", "nonce-0001")

    await relay.terminal.hears(OUT_OF_ORDER)
    assert len(relay.provider.requests) == 2
    _, told = await relay.terminal.get("/api/history?account=demo")
    assert {m["id"]: m["status"] for m in told["messages"]}[sent["id"]] == "failed"


async def test_message_ids_rise(relay: Any) -> None:
    for number in range(5):
        await relay.terminal.say(f"第{number}句", f"nonce-000{number}")
    await relay.provider.until(6)

    by_text = {message.content: message.id for message in relay.provider.received[1:]}
    ids = [by_text[f"第{number}句"] for number in range(5)]
    assert ids == sorted(set(ids))
    assert all(2**32 < id < 2**63 for id in ids)


async def test_the_same_nonce_is_the_same_message(relay: Any) -> None:
    first = await relay.terminal.say("只说一次", "nonce-0001")
    again = await relay.terminal.say("只说一次", "nonce-0001")
    await relay.terminal.say("另一句", "nonce-0002")
    await relay.provider.until(3)

    assert first["id"] == again["id"]
    contents = Counter(getattr(message, "content", "") for message in relay.provider.received)
    assert contents["只说一次"] == 1


async def test_a_feed_tells_what_was_missed_and_nothing_twice(relay: Any) -> None:
    relay.provider.says("一答")
    await relay.terminal.say("一", "nonce-0001")
    seen = await relay.terminal.hears("一答")
    relay.provider.says("二答")
    await relay.terminal.say("二", "nonce-0002")
    await relay.terminal.hears("二答")

    async with relay.terminal.live(after=seen["revision"]) as socket:
        missed = []
        while (told := await socket.receive_json())["type"] != "ready":
            missed.append(told["message"])

    revisions = [message["revision"] for message in missed]
    assert revisions == sorted(set(revisions))
    assert {part["text"] for message in missed for part in message["parts"]} == {"二", "二答"}


async def test_a_chat_and_an_unfinished_delivery_survive_a_restart(
    open_provider: Any, open_relay: Any, tmp_path: Path
) -> None:
    async with open_provider() as provider:
        async with open_relay(provider, tmp_path) as relay:
            await relay.terminal.post("/api/follow", number="banli")
            await provider.until(1)
            provider.silent = 1
            await relay.terminal.say("别丢了", "nonce-0001")
            await provider.until(2)

        provider.says("没丢")
        async with open_relay(provider, tmp_path) as relay:
            await relay.terminal.hears("没丢")

    assert provider.requests[1][1] == provider.requests[2][1]


async def test_tries_go_on_where_a_restart_cut_them_off(
    open_provider: Any, open_relay: Any, tmp_path: Path
) -> None:
    async with open_provider() as provider:
        async with open_relay(provider, tmp_path) as relay:
            await relay.terminal.post("/api/follow", number="banli")
            await provider.until(1)
            provider.silent = 4
            sent = await relay.terminal.say("在吗", "nonce-0001")
            await provider.until(3)

        async with open_relay(provider, tmp_path) as relay:
            await relay.terminal.hears(OUT_OF_ORDER)
            async with relay.platform.database.reading() as connection:
                kept = await messages.tries_of(connection, sent["id"])

    # The second try was in the air when the relay stopped: it is made again, as the second.
    assert len(provider.requests[1:]) == 4
    assert [done.number for done in kept] == [1, 2, 3]


async def test_a_bad_echo_refuses_the_start(
    open_provider: Any, open_relay: Any, tmp_path: Path
) -> None:
    async with open_provider() as provider:
        provider.echoes = False
        with pytest.raises(Unverified, match=r"demo: .* did not echo"):
            async with open_relay(provider, tmp_path):
                raise AssertionError("started")


async def test_a_provider_that_is_not_there_refuses_the_start(
    open_provider: Any, open_relay: Any, tmp_path: Path
) -> None:
    async with open_provider() as provider:
        pass
    with pytest.raises(Unverified, match="demo: no answer from"):
        async with open_relay(provider, tmp_path):
            raise AssertionError("started")
