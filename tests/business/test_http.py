from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from engine.business import http
from engine.business.http import HttpCall, NoSecret, secret_from_environment, signature
from engine.business.provider import Refused, Unavailable
from engine.channels.http import HttpPost

SECRET = "correct horse"
ARGUMENTS = {"amount": "100", "phone": "13812345678", "note": "充一百"}


class Backend:
    """A company's system that answers what it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[web.Response | None] = []
        self.asked: list[dict[str, Any]] = []

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        signed = signature(
            SECRET,
            timestamp=request.headers["Banli-Timestamp"],
            key=request.headers["Idempotency-Key"],
            body=body,
        )
        if signed != request.headers["Banli-Signature"]:
            return web.json_response({"wrong": "signature"}, status=403)
        self.asked.append({"key": request.headers["Idempotency-Key"], "body": json.loads(body)})
        answer = self.answers.pop(0)
        if answer is None:
            await asyncio.Event().wait()
        assert answer is not None
        return answer


@pytest.fixture
async def backend() -> Backend:
    return Backend()


@pytest.fixture
async def url(backend: Backend) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/effects/top-up", backend.answer)
    server = TestServer(app, host="127.0.0.1", shutdown_timeout=0.1)
    await server.start_server()
    yield str(server.make_url("/effects/top-up"))
    await server.close()


async def call(url: str, *, secret: str = SECRET, seconds: float = 5, retries: int = 2) -> Any:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async with HttpPost() as post:
        row = await http.call(
            HttpCall(url=url, secret="shop", timeout=seconds, retries=retries),
            ARGUMENTS,
            key="turn-7/1",
            post=post,
            secrets=lambda name: {"shop": secret}[name],
            clock=lambda: 1_795_000_000.9,
            pause=pause,
        )
    return row, pauses


async def test_an_answer_is_a_row(backend: Backend, url: str) -> None:
    backend.answers = [web.json_response({"ok": {"order_no": "202611230001"}})]
    assert await call(url) == ({"order_no": "202611230001"}, [])
    assert backend.asked == [{"key": "turn-7/1", "body": ARGUMENTS}]


async def test_a_refusal_carries_its_facts(backend: Backend, url: str) -> None:
    refused = {"reason": "over_daily_limit", "left": "100", "self": "words"}
    backend.answers = [web.json_response({"refused": refused})]
    with pytest.raises(Refused) as refusal:
        await call(url)
    assert refusal.value.reason == "over_daily_limit"
    assert refusal.value.facts == {"left": "100", "self": "words"}


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_backend_that_is_busy_is_asked_again_with_the_same_key(
    backend: Backend, url: str, status: int
) -> None:
    busy = [web.Response(status=status), web.Response(status=status)]
    backend.answers = [*busy, web.json_response({"ok": {}})]
    assert await call(url) == ({}, [0.2, 0.4])
    assert [asked["key"] for asked in backend.asked] == ["turn-7/1"] * 3


async def test_a_backend_that_stays_down_is_unavailable(backend: Backend, url: str) -> None:
    backend.answers = [web.Response(status=503) for _ in range(3)]
    with pytest.raises(Unavailable, match="status 503"):
        await call(url)
    assert backend.answers == []


async def test_silence_is_a_timeout_and_then_another_attempt(backend: Backend, url: str) -> None:
    backend.answers = [None, web.json_response({"ok": {"at": "once"}})]
    assert await call(url, seconds=0.3) == ({"at": "once"}, [0.2])


async def test_silence_for_good_is_unavailable(backend: Backend, url: str) -> None:
    backend.answers = [None]
    with pytest.raises(Unavailable, match="TimeoutError"):
        await call(url, seconds=0.1, retries=0)


async def test_a_port_that_nobody_listens_on_is_unavailable(unused_tcp_port: int) -> None:
    with pytest.raises(Unavailable, match="ConnectionError"):
        await call(f"http://127.0.0.1:{unused_tcp_port}/", retries=1)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "[]",
        '{"ok": 1}',
        '{"ok": {}, "refused": {"reason": "x"}}',
        '{"refused": {}}',
        '{"refused": {"reason": 5}}',
    ],
)
async def test_an_answer_of_another_form_is_unavailable_at_once(
    backend: Backend, url: str, body: str
) -> None:
    backend.answers = [web.Response(text=body)]
    with pytest.raises(Unavailable, match="the answer is"):
        await call(url)


@pytest.mark.parametrize("status", [301, 404])
async def test_an_address_that_is_wrong_is_not_asked_again(
    backend: Backend, url: str, status: int
) -> None:
    backend.answers = [web.Response(status=status, headers={"Location": url})]
    with pytest.raises(Unavailable, match=f"status {status}"):
        await call(url)


async def test_a_wrong_secret_does_nothing(backend: Backend, url: str) -> None:
    with pytest.raises(Unavailable, match="status 403"):
        await call(url, secret="wrong")
    assert backend.asked == []


async def test_an_answer_without_end_is_cut(backend: Backend, url: str) -> None:
    backend.answers = [web.Response(body=b" " * (2 << 20))]
    with pytest.raises(Unavailable, match="no answer"):
        await call(url, retries=0)


def test_the_signature_covers_time_key_and_body() -> None:
    signatures = {
        signature("s", timestamp="1795000000", key="k", body=b"{}"),
        signature("t", timestamp="1795000000", key="k", body=b"{}"),
        signature("s", timestamp="1795000001", key="k", body=b"{}"),
        signature("s", timestamp="1795000000", key="j", body=b"{}"),
        signature("s", timestamp="1795000000", key="k", body=b"[]"),
    }
    assert len(signatures) == 5


def test_a_secret_comes_from_the_environment_or_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    with pytest.raises(NoSecret, match="BANLI_SECRET_TEA_SHOP"):
        secret_from_environment("tea-shop")
    (tmp_path / "secret").write_text("from file\n")
    monkeypatch.setenv("BANLI_SECRET_TEA_SHOP_FILE", str(tmp_path / "secret"))
    assert secret_from_environment("tea-shop") == "from file"
    monkeypatch.setenv("BANLI_SECRET_TEA_SHOP", "from variable")
    assert secret_from_environment("tea-shop") == "from variable"


async def test_a_query_has_rows_and_no_key() -> None:
    asked: list[tuple[str, bytes, dict[str, str]]] = []
    answers = [b'{"ok": [{"name": "tea"}]}', b'{"ok": []}', b'{"ok": {"name": "tea"}}']

    async def post(url: str, *, body: bytes, headers: Any, seconds: float) -> http.Answer:
        asked.append((url, body, dict(headers)))
        return http.Answer(200, answers.pop(0))

    async def rows() -> Any:
        declared = HttpCall(url="http://shop/teas", secret="shop")
        return await http.ask(declared, {"kind": "green"}, post=post, secrets=lambda _: SECRET)

    assert await rows() == [{"name": "tea"}]
    assert await rows() == []
    with pytest.raises(Unavailable, match="is no list of objects"):
        await rows()
    url, body, headers = asked[0]
    assert (url, body, "Idempotency-Key" in headers) == (
        "http://shop/teas",
        b'{"kind":"green"}',
        False,
    )
    stamp = headers["Banli-Timestamp"]
    assert headers["Banli-Signature"] == signature(SECRET, timestamp=stamp, key="", body=body)
