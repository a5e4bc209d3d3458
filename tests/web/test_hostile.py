"""What strangers send: refused at once, with a 4xx and one line in the log."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from urllib.parse import urlencode

import aiohttp
import pytest
from structlog.testing import capture_logs

from engine.channels.wechat.crypto import signature
from tests.web.fakes import NOW, TOKEN, Platform, ScriptedTurns

XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Content>&e;</Content></xml>'
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<xml><Content>&b;&b;&b;</Content></xml>"
)


def deep(levels: int) -> str:
    """A message that is right but for a tower inside it."""
    tower = "<a>" * levels + "</a>" * levels
    fields = "<ToUserName>gh_plain</ToUserName><FromUserName>o1</FromUserName>"
    rest = "<CreateTime>1</CreateTime><MsgType>text</MsgType><MsgId>1</MsgId><Content>x</Content>"
    return f"<xml>{fields}{rest}{tower}</xml>"


def refusals(logged: list[dict[str, object]]) -> list[dict[str, object]]:
    return [line for line in logged if line["log_level"] in {"warning", "error"}]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(XXE, 400, id="XXE"),
        pytest.param("<!DOCTYPE xml><xml><MsgType>text</MsgType></xml>", 400, id="DOCTYPE"),
        pytest.param(BOMB, 400, id="entities"),
        pytest.param(deep(9), 400, id="nested"),
        pytest.param(deep(9000), 400, id="deep"),
        pytest.param(deep(100_000), 413, id="deeper"),
        pytest.param("长" * 3_500_000, 413, id="10 MB"),
    ],
)
async def test_a_hostile_body_is_refused_with_one_line(
    platform: Platform, turns: ScriptedTurns, body: str, expected: int
) -> None:
    with capture_logs() as logged:
        status, _ = await platform.push(body)
    assert status == expected
    assert [line["status"] for line in refusals(logged)] == [expected]
    assert turns.taken == []


@pytest.mark.parametrize(
    "kind",
    ["application/json", "multipart/form-data; boundary=x", "image/png", "text/html", "nonsense"],
)
async def test_a_message_of_another_content_type_is_refused(
    platform: Platform, turns: ScriptedTurns, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"{platform.url}/wechat/plain?{urlencode(platform.query())}"
    body = platform.text("你好").encode()
    with capture_logs() as logged:
        async with platform.client.post(
            address, data=body, headers={"Content-Type": kind}
        ) as response:
            assert response.status == 415
    assert len(refusals(logged)) == 1
    assert [line for line in caplog.records if line.name.startswith("sanic")] == []
    assert turns.taken == []


@pytest.mark.parametrize("kind", ["text/xml; charset=utf-8", "application/xml", "TEXT/XML"])
async def test_xml_may_be_called_by_each_of_its_names(platform: Platform, kind: str) -> None:
    address = f"{platform.url}/wechat/plain?{urlencode(platform.query())}"
    async with platform.client.post(
        address, data=platform.text("你好").encode(), headers={"Content-Type": kind}
    ) as response:
        assert response.status == 200


async def test_a_forged_openid_is_refused(platform: Platform, turns: ScriptedTurns) -> None:
    query = {**platform.query(), "openid": "victim"}
    with capture_logs() as logged:
        status, _ = await platform.push(platform.text("你好"), query=query)
    assert status == 400
    assert len(refusals(logged)) == 1
    assert turns.taken == []


async def test_the_openid_of_the_sender_is_taken(platform: Platform) -> None:
    query = {**platform.query(), "openid": "o1"}
    assert (await platform.push(platform.text("你好"), query=query))[0] == 200


async def test_a_replayed_signature_is_refused_after_the_window(
    platform: Platform, turns: ScriptedTurns
) -> None:
    old = str(int((NOW - timedelta(minutes=10, seconds=1)).timestamp()))
    query = {"timestamp": old, "nonce": "n", "signature": signature(TOKEN, old, "n")}
    with capture_logs() as logged:
        status, _ = await platform.push(platform.text("你好"), query=query)
    assert status == 403
    assert len(refusals(logged)) == 1
    assert turns.taken == []


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_does_not_come_is_not_waited_for(
    platform: Platform, turns: ScriptedTurns, chunked: bool
) -> None:
    size = "Transfer-Encoding: chunked" if chunked else "Content-Length: 500"
    head = f"POST /wechat/plain?{urlencode(platform.query())} HTTP/1.1\r\nHost: x\r\n"
    part = "5\r\n<xml>\r\n" if chunked else "<xml>"
    address = aiohttp.client.URL(platform.url)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    with capture_logs() as logged:
        writer.write(f"{head}Content-Type: text/xml\r\n{size}\r\n\r\n{part}".encode())
        # Until the server hangs up: it does not keep such a connection.
        answer = await reader.read()
    writer.close()
    assert b" 408 " in answer.splitlines()[0]
    assert [line["status"] for line in refusals(logged)] == [408]
    assert turns.taken == []


@pytest.mark.parametrize("encrypt_type", ["AES", "des", ""])
async def test_an_unknown_encryption_is_refused(platform: Platform, encrypt_type: str) -> None:
    query = {**platform.query(), "encrypt_type": encrypt_type}
    expected = 200 if encrypt_type == "" else 400
    assert (await platform.push(platform.text("你好"), query=query))[0] == expected


async def test_a_method_that_is_not_offered_is_refused(platform: Platform) -> None:
    async with platform.client.put(f"{platform.url}/wechat/plain", data=b"x") as response:
        assert response.status == 405
