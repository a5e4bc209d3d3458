"""Requests hurt at random, at a real server: an answer or a refusal, never a fault of ours."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher as Aes
from cryptography.hazmat.primitives.ciphers import algorithms, modes

from engine.channels.wechat.crypto import msg_signature
from engine.desk.signin import create
from engine.limits import Limits, Rate
from engine.store import Store
from engine.web.desk import HEADER
from tests.fuzz.mutating import PATIENCE, mutated
from tests.web.fakes import (
    AES_KEY,
    APPID,
    KEY,
    TOKEN,
    Platform,
    account,
    programs,
)

WORDS = [
    *(
        b"<![CDATA[",
        b"]]>",
        b"<xml>",
        b"</xml>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"&a;",
        b"&#0;",
    ),
    *(
        b"<MsgType>event</MsgType>",
        b"<Event>subscribe</Event>",
        b"<CreateTime>",
        b"<?xml ",
        b"<a>" * 50,
    ),
    *(b"<MsgType>voice</MsgType>", b"<Event>CLICK</Event><EventKey>", b"<Encrypt>", b"&#x10FFFF;"),
]
JSON_WORDS = [
    b"{",
    b"}",
    b"[" * 500,
    b'"',
    b"\\u0000",
    b"\\ud800",
    b"null",
    b"true",
    b'":',
    b",",
    b"1e309",
]


@pytest.fixture
async def platform(serve: Any) -> AsyncIterator[Platform]:
    wide = Limits(customer=Rate(10**9, 1), account=Rate(10**9, 1))
    async with serve(account("plain"), account("compat"), account("safe"), limits=wide) as opened:
        yield opened


async def no_fault(inputs: Iterator[bytes], send: Callable[[bytes], Awaitable[int]]) -> set[int]:
    """The kinds of answers there were. Fails at a 5xx and at what hangs, and tells the input."""
    seen: set[int] = set()
    for data in inputs:
        try:
            async with asyncio.timeout(PATIENCE):
                status = await send(data)
        except TimeoutError:
            raise AssertionError(f"hangs on {data!r}") from None
        assert status < 500, data
        seen.add(status)
    return seen


def messages(platform: Platform, to: str) -> list[bytes]:
    fields = {"MsgType": "event", "Event": "CLICK", "EventKey": "/topup"}
    return [
        platform.text("给13812345678充一百", to=to).encode(),
        platform.message(to=to, **fields).encode(),
        platform.message(to=to, MsgType="voice", MediaId="m", Format="amr", MsgId="9").encode(),
    ]


async def test_xml_is_answered_or_refused(platform: Platform) -> None:
    async def send(data: bytes) -> int:
        return (await platform.push(data, to="plain"))[0]

    assert await no_fault(mutated("XML", messages(platform, "plain"), WORDS), send) >= {200, 400}


def sealed(plain: bytes) -> bytes:
    """A packet of the platform's whose inside is any bytes at all."""
    key = base64.b64decode(AES_KEY + "=")
    short = -len(plain) % 32 or 32
    encryptor = Aes(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    whole = plain + bytes([short]) * short
    return base64.b64encode(encryptor.update(whole) + encryptor.finalize())


async def pushed(platform: Platform, packet: bytes) -> int:
    """Under a signature that is right, so that the packet itself is looked at."""
    encrypted = packet.decode(errors="replace").replace("]]>", "")
    query = {"encrypt_type": "aes", **platform.query()}
    query["msg_signature"] = msg_signature(TOKEN, query["timestamp"], query["nonce"], encrypted)
    outer = f"<xml><ToUserName>gh_safe</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    return (await platform.push(outer, to="safe", query=query))[0]


def insides(platform: Platform) -> list[bytes]:
    return [
        os.urandom(16) + len(xml).to_bytes(4, "big") + xml + APPID.encode()
        for xml in messages(platform, "safe")
    ]


async def test_packets_are_answered_or_refused(platform: Platform) -> None:
    packets = [sealed(inside) for inside in insides(platform)]
    seen = await no_fault(mutated("AES", packets), lambda packet: pushed(platform, packet))
    assert 400 in seen


async def test_what_is_inside_of_packets_is_answered_or_refused(platform: Platform) -> None:
    seen = await no_fault(
        mutated("inside AES", insides(platform), WORDS),
        lambda inside: pushed(platform, sealed(inside)),
    )
    assert seen >= {200, 400}


async def test_json_of_the_desk_is_answered_or_refused(serve: Any, store: Store) -> None:
    await create(store, name="li", password="long enough")
    calls = ("take", "say", "hand-back", "meaning")
    seeds = [
        b'{"account": "plain", "openid": "o1"}',
        '{"account": "plain", "openid": "o1", "text": "您好"}'.encode(),
        b'{"account": "plain", "text": "x", "intent": "topup"}',
    ]
    async with serve(account("plain")) as platform:
        base, headers = (
            f"{platform.url}/desk/api",
            {HEADER: "1", "Content-Type": "application/json"},
        )
        entered = {"name": "li", "password": "long enough"}
        async with platform.client.post(f"{base}/sign-in", json=entered, headers=headers) as answer:
            headers["Cookie"] = answer.headers["Set-Cookie"].partition(";")[0]

        async def send(data: bytes) -> int:
            call = calls[sum(data) % len(calls)]
            async with platform.client.post(
                f"{base}/{call}", data=data, headers=headers
            ) as response:
                return response.status

        assert await no_fault(mutated("JSON", seeds, JSON_WORDS), send) >= {400, 404}


async def test_json_of_other_programs_is_answered_or_refused(serve: Any) -> None:
    seeds = [
        '{"id": "m1", "customer": "c1", "text": "给13812345678充一百"}'.encode(),
        b'{"id": "m2", "customer": "c1", "choice": "/topup"}',
        b'{"id": "m3", "customer": "c2", "voice": "UklGRg=="}',
        b'{"id": "m4", "customer": "c2", "location": {"latitude": 31.2, "longitude": 121.5}}',
    ]
    wide = Limits(customer=Rate(10**9, 1), account=Rate(10**9, 1))
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    async with serve(programs=programs(), limits=wide) as platform:

        async def send(data: bytes) -> int:
            address = f"{platform.url}/v1/messages"
            async with platform.client.post(address, data=data, headers=headers) as response:
                return response.status

        assert await no_fault(mutated("API", seeds, JSON_WORDS), send) >= {200, 400, 422}
