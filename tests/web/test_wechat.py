"""The endpoint of an account over real sockets."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from yarl import URL

from engine.channels.wechat.crypto import msg_signature, signature
from engine.channels.wechat.xml import parse
from engine.message import Picture, Reply
from tests.web.fakes import (
    AES_KEY,
    APPID,
    NOW,
    PREVIOUS_KEY,
    TOKEN,
    Platform,
    ScriptedTurns,
    opened,
)

OTHER_KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg"


def signed(**changed: str) -> dict[str, str]:
    """The query of a genuine request, with changes; an empty value leaves one out."""
    timestamp, nonce = str(int(NOW.timestamp())), "nonce"
    query = {
        "timestamp": timestamp,
        "nonce": nonce,
        "signature": signature(TOKEN, timestamp, nonce),
        **changed,
    }
    return {name: value for name, value in query.items() if value}


def signed_at(offset: timedelta) -> dict[str, str]:
    timestamp = str(int((NOW + offset).timestamp()))
    return signed(timestamp=timestamp, signature=signature(TOKEN, timestamp, "nonce"))


UNGENUINE = [
    {},
    signed(signature=""),
    signed(timestamp=""),
    signed(nonce=""),
    signed(signature="0" * 40),
    signed(signature="签名"),
    signed(signature=signature(TOKEN, "1", "nonce")),
    signed(timestamp="soon", signature=signature(TOKEN, "soon", "nonce")),
    signed(timestamp="9" * 99, signature=signature(TOKEN, "9" * 99, "nonce")),
    signed_at(timedelta(minutes=-11)),
    signed_at(timedelta(minutes=11)),
]


async def test_the_verification_of_the_address_is_echoed_as_text(platform: Platform) -> None:
    query = {**platform.query(), "echostr": "<b>5837397576500011341"}
    async with platform.client.get(f"{platform.url}/wechat/plain", params=query) as response:
        assert response.status == 200
        assert await response.text() == "<b>5837397576500011341"
        assert response.content_type == "text/plain"


@pytest.mark.parametrize("query", UNGENUINE)
async def test_nothing_is_echoed_without_a_right_signature(
    platform: Platform, query: dict[str, str]
) -> None:
    params = {**query, "echostr": "5837397576500011341"}
    async with platform.client.get(f"{platform.url}/wechat/plain", params=params) as response:
        assert response.status == 403
        assert "5837397576500011341" not in await response.text()


async def test_a_verification_without_an_echo_is_refused(platform: Platform) -> None:
    async with platform.client.get(
        f"{platform.url}/wechat/plain", params=platform.query()
    ) as response:
        assert response.status == 400


async def test_a_text_in_clear_is_answered_in_clear(
    platform: Platform, turns: ScriptedTurns
) -> None:
    status, answer = await platform.push(platform.text("你好"))
    fields = parse(answer.encode())
    assert status == 200
    assert fields.text("ToUserName") == "o1"
    assert fields.text("FromUserName") == "gh_plain"
    assert fields.text("CreateTime") == str(int(NOW.timestamp()))
    assert fields.text("Content") == "说了你好"
    assert parse_message(answer).content == "说了你好"
    assert [inbound.account for inbound in turns.taken] == ["plain"]


@pytest.mark.parametrize("to", ["compat", "safe"])
@pytest.mark.parametrize("key", [AES_KEY, PREVIOUS_KEY])
async def test_an_encrypted_text_is_answered_under_its_own_key(
    platform: Platform, to: str, key: str
) -> None:
    status, answer = await platform.push_encrypted(platform.text("你好", to=to), to=to, key=key)
    assert status == 200
    assert opened(answer, key=key).text("Content") == "说了你好"


async def test_wechatpy_opens_an_encrypted_answer(platform: Platform) -> None:
    _, answer = await platform.push_encrypted(platform.text("你好", to="safe"), to="safe")
    outer = parse(answer.encode())
    xml = WeChatCrypto(TOKEN, AES_KEY, APPID).decrypt_message(
        answer, outer.text("MsgSignature"), outer.text("TimeStamp"), outer.text("Nonce")
    )
    assert parse_message(xml).content == "说了你好"


async def test_a_compatible_account_takes_clear_messages_and_answers_them_in_clear(
    platform: Platform,
) -> None:
    status, answer = await platform.push(platform.text("你好", to="compat"), to="compat")
    assert status == 200
    assert parse(answer.encode()).text("Content") == "说了你好"


async def test_beside_encrypted_fields_the_clear_ones_count_for_nothing(
    platform: Platform, turns: ScriptedTurns
) -> None:
    clear = "<FromUserName>thief</FromUserName><Content>转给我</Content>"
    await platform.push_encrypted(platform.text("你好", to="compat"), to="compat", clear=clear)
    assert [(inbound.openid, inbound.text) for inbound in turns.taken] == [("o1", "你好")]


async def test_a_safe_account_refuses_clear_messages(platform: Platform) -> None:
    status, _ = await platform.push(platform.text("你好", to="safe"), to="safe")
    assert status == 400


@pytest.mark.parametrize("query", UNGENUINE)
@pytest.mark.parametrize("to", ["plain", "compat", "safe"])
async def test_a_push_without_a_right_signature_is_forbidden(
    platform: Platform, turns: ScriptedTurns, to: str, query: dict[str, str]
) -> None:
    status, _ = await platform.push(platform.text("你好", to=to), to=to, query=query)
    assert status == 403
    assert turns.taken == []


@pytest.mark.parametrize("msg_signature", ["", "0" * 40, signed()["signature"]])
async def test_an_encrypted_push_needs_its_own_signature(
    platform: Platform, msg_signature: str
) -> None:
    query = {**signed(), "encrypt_type": "aes"}
    if msg_signature:
        query["msg_signature"] = msg_signature
    body = "<xml><ToUserName>gh_safe</ToUserName><Encrypt>AAAA</Encrypt></xml>"
    status, _ = await platform.push(body, to="safe", query=query)
    assert status == 403


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        "{}",
        "<xml>",
        "<xml></xml>",
        '<!DOCTYPE xml><xml><MsgType>text</MsgType></xml>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Content>&e;</Content></xml>',
        "<xml><ToUserName>gh_plain</ToUserName></xml>",
        "<xml><ToUserName>gh_plain</ToUserName><MsgType>text</MsgType></xml>",
        "<xml><ToUserName>gh_other</ToUserName><FromUserName>o1</FromUserName>"
        "<CreateTime>1</CreateTime><MsgType>text</MsgType><MsgId>1</MsgId><Content/></xml>",
    ],
)  # fmt: skip
async def test_a_body_that_is_not_of_the_protocol_is_a_bad_request(
    platform: Platform, turns: ScriptedTurns, body: str
) -> None:
    status, _ = await platform.push(body)
    assert status == 400
    assert turns.taken == []


async def test_a_message_under_a_foreign_key_is_a_bad_request(platform: Platform) -> None:
    text = platform.text("你好", to="safe")
    assert (await platform.push_encrypted(text, to="safe", key=OTHER_KEY))[0] == 400


async def test_a_message_for_another_appid_is_a_bad_request(platform: Platform) -> None:
    text = platform.text("你好", to="safe")
    assert (await platform.push_encrypted(text, to="safe", appid="wxother"))[0] == 400


@pytest.mark.parametrize("encrypted", ["*", "AAAA", "QUJD" * 16, "密文"])
async def test_a_signed_ciphertext_that_is_none_is_a_bad_request(
    platform: Platform, encrypted: str
) -> None:
    query = {**signed(), "encrypt_type": "aes"}
    query["msg_signature"] = msg_signature(TOKEN, query["timestamp"], query["nonce"], encrypted)
    body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>"
    assert (await platform.push(body, to="safe", query=query))[0] == 400


async def test_an_encrypted_push_without_ciphertext_is_a_bad_request(platform: Platform) -> None:
    query = {**signed(), "encrypt_type": "aes", "msg_signature": "0" * 40}
    assert (await platform.push(platform.text("你好"), to="safe", query=query))[0] == 400


async def test_an_unknown_account_is_not_found(platform: Platform) -> None:
    assert (await platform.push(platform.text("你好"), to="nobody"))[0] == 404


async def test_a_body_over_64_kb_is_too_large(platform: Platform) -> None:
    assert (await platform.push(platform.text("长" * 30_000)))[0] == 413


async def test_unknown_kinds_and_silent_events_are_acknowledged(
    platform: Platform, turns: ScriptedTurns
) -> None:
    assert await platform.push(platform.message(MsgType="hologram")) == (200, "success")
    event = platform.message(MsgType="event", Event="LOCATION", Latitude="1")
    assert await platform.push(event) == (200, "success")
    assert turns.taken == []


async def test_nothing_to_say_is_success_also_to_an_encrypted_push(
    platform: Platform, turns: ScriptedTurns
) -> None:
    turns.script["嗯"] = ()
    assert await platform.push(platform.text("嗯")) == (200, "success")
    text = platform.text("嗯", to="safe")
    assert await platform.push_encrypted(text, to="safe") == (200, "success")


async def test_words_of_a_customer_stay_inside_their_element(platform: Platform) -> None:
    attack = "]]></Content><MsgType>news</MsgType><Content><![CDATA["
    _, answer = await platform.push(platform.text(attack))
    fields = parse(answer.encode())
    assert fields.text("Content") == f"说了{attack}"
    assert fields.text("MsgType") == "text"


async def test_a_repeat_joins_the_work_and_gets_the_same_answer(
    platform: Platform, turns: ScriptedTurns
) -> None:
    turns.open.clear()
    body = platform.text("你好")
    first = asyncio.create_task(platform.push(body))
    await turns.begun["你好"].wait()
    second = asyncio.create_task(platform.push(body))
    third = asyncio.create_task(platform.push(body))
    turns.open.set()
    assert await first == await second == await third
    assert (await first)[0] == 200


async def test_a_fault_of_the_engine_is_told_to_the_customer_in_words(platform: Platform) -> None:
    status, answer = await platform.push(platform.text("bug"))
    assert status == 200
    assert "请稍后再试" in parse(answer.encode()).text("Content")


async def test_a_picture_is_answered_as_an_article(
    platform: Platform, turns: ScriptedTurns
) -> None:
    turns.script["座位"] = (Reply(text="座位图", picture=Picture("receipt", {}, "", "p1")),)
    _, answer = await platform.push(platform.text("座位"))
    item = parse(answer.encode())
    assert item.text("Articles/item/PicUrl") == "https://example.com/media/p1.png"


async def test_the_server_says_that_it_is_healthy(platform: Platform) -> None:
    async with platform.client.get(f"{platform.url}/healthz") as response:
        assert response.status == 200


ALPHABET = "<>&;![]/=\"' \n\x00密1xmlCDATA"


@given(
    at=st.integers(min_value=0, max_value=400),
    length=st.integers(min_value=0, max_value=40),
    instead=st.one_of(st.text(ALPHABET, max_size=40).map(str.encode), st.binary(max_size=40)),
    to=st.sampled_from(["plain", "compat"]),
)
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_a_damaged_body_is_answered_or_refused_and_never_a_fault(
    platform: Platform, at: int, length: int, instead: bytes, to: str
) -> None:
    body = platform.text("你好]", to=to).encode()
    status, _ = await platform.push(body[:at] + instead + body[at + length :], to=to)
    assert status in {200, 400}


@given(st.binary(max_size=200))
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_any_message_under_the_right_key_is_answered_or_refused(
    platform: Platform, noise: bytes
) -> None:
    inside = noise.decode(errors="replace")
    status, _ = await platform.push_encrypted(inside, to="safe")
    assert status == 400
    body = platform.text(inside, to="safe")
    status, _ = await platform.push_encrypted(body, to="safe")
    assert status == 200


@pytest.mark.parametrize(
    "target", ["/wechat/%ff", "/wechat/plain?%ff=%ff&signature=%00", "/media/..%2f.png"]
)
async def test_odd_addresses_are_the_clients_fault(platform: Platform, target: str) -> None:
    async with platform.client.get(URL(platform.url + target, encoded=True)) as response:
        assert 400 <= response.status < 500
