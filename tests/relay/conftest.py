"""A provider that stands on wechatpy, a relay on loopback, and terminals that use it over HTTP."""

from __future__ import annotations

import asyncio
import io
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from engine.relay.accounts import Registered, register
from engine.relay.faults import Faults
from engine.relay.forward import Patience
from engine.relay.platform import Platform
from engine.relay.serve import running

TOKEN = "relaytoken"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APPID = "wx0123456789abcdef"
ID = "gh_0123456789ab"
SECRET = "0123456789abcdef"

#: Short enough that three tries fit into a test, long enough for a busy machine.
PATIENCE = Patience(seconds=0.6)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)

Answer = Callable[[Any], str | web.Response]


@dataclass
class Provider:
    """A developer server. `answers` are used up one a request, then it says nothing."""

    mode: str = "plain"
    echoes: bool = True
    url: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    received: list[Any] = field(default_factory=list)
    answers: deque[Answer] = field(default_factory=deque)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    #: The next so many requests get no answer.
    silent: int = 0

    async def until(self, count: int) -> None:
        """Wait for the so manyeth request."""
        async with asyncio.timeout(10):
            while len(self.requests) < count:
                self.news.clear()
                await self.news.wait()

    def says(self, text: str) -> None:
        """The next request is answered with this text."""
        self.answers.append(
            lambda message: self.reply(message, "text", f"<Content>{cdata(text)}</Content>")
        )

    def reply(self, message: Any, kind: str, inner: str, **changes: str) -> str:
        """A passive reply to a message, with some of its envelope changed."""
        envelope = {
            "ToUserName": message.source,
            "FromUserName": message.target,
            "CreateTime": "1700000000",
            "MsgType": kind,
        } | changes
        fields = "".join(f"<{name}>{value}</{name}>" for name, value in envelope.items())
        return f"<xml>{fields}{inner}</xml>"

    def encrypted(self, xml: str) -> str:
        return WeChatCrypto(TOKEN, AES_KEY, APPID).encrypt_message(xml, "n0nce", "1700000000")

    async def handle(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
        if request.method == "GET":
            return web.Response(text=query["echostr"] if self.echoes else "hello")
        body = await request.read()
        self.requests.append((query, body))
        self.news.set()
        if self.silent:
            self.silent -= 1
            await asyncio.sleep(60)
        message = parse_message(self.opened(query, body))
        self.received.append(message)
        answer = self.answers.popleft()(message) if self.answers else "success"
        if isinstance(answer, web.Response):
            return answer
        if self.mode == "safe" and answer.startswith("<xml><To"):
            answer = self.encrypted(answer)
        return web.Response(text=answer)

    def opened(self, query: dict[str, str], body: bytes) -> str | bytes:
        if self.mode == "plain":
            return body
        crypto = WeChatCrypto(TOKEN, AES_KEY, APPID)
        return crypto.decrypt_message(
            body, query["msg_signature"], query["timestamp"], query["nonce"]
        )


def cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"


@dataclass
class Terminal:
    """A terminal's page: its cookie and its requests."""

    client: aiohttp.ClientSession
    url: str

    async def post(self, path: str, **body: Any) -> tuple[int, Any]:
        async with self.client.post(
            self.url + path, json=body, headers={"X-Banli": "test"}
        ) as response:
            return response.status, await response.json()

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.client.get(self.url + path) as response:
            return response.status, await response.json()

    async def say(self, text: str, nonce: str, **more: str) -> Any:
        status, told = await self.post("/api/send", account="demo", text=text, nonce=nonce, **more)
        assert status == 200, told
        return told

    @asynccontextmanager
    async def live(self, after: int = 0) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        address = f"{self.url}/live?after={after}"
        async with self.client.ws_connect(address, headers={"Origin": self.url}) as socket:
            yield socket

    async def upload(self, path: str, data: bytes, nonce: str, **query: str) -> tuple[int, Any]:
        more = "".join(f"&{name}={value}" for name, value in query.items())
        address = f"{self.url}{path}?account=demo&nonce={nonce}{more}"
        async with self.client.post(address, data=data, headers={"X-Banli": "test"}) as response:
            return response.status, await response.json()

    async def speak(self, upload: bytes, nonce: str) -> tuple[int, Any]:
        address = f"{self.url}/api/voice?account=demo&nonce={nonce}"
        headers = {"X-Banli": "test", "Content-Type": "audio/webm"}
        async with self.client.post(address, data=io.BytesIO(upload), headers=headers) as response:
            return response.status, await response.json()

    async def until(
        self, wanted: Callable[[dict[str, Any]], bool], after: int = 0
    ) -> dict[str, Any]:
        """The first message of the live feed that is wanted."""
        async with asyncio.timeout(10), self.live(after) as socket:
            async for event in socket:
                told = event.json()
                if told["type"] == "message" and wanted(told["message"]):
                    return told["message"]
        raise AssertionError("the feed ended")

    async def hears(self, text: str) -> dict[str, Any]:
        """The first message that comes down with this text."""
        return await self.until(
            lambda message: text_of(message) == text and message["direction"] != "up"
        )


def text_of(message: dict[str, Any]) -> str:
    return "".join(part["text"] for part in message.get("parts", ()))


@dataclass
class Relay:
    """A running relay, its provider and a signed-in terminal that follows the account."""

    platform: Platform
    provider: Provider
    terminal: Terminal
    url: str

    async def token(self) -> str:
        address = (
            f"{self.url}/cgi-bin/token?grant_type=client_credential&appid={APPID}&secret={SECRET}"
        )
        _, told = await self.terminal.get(address.removeprefix(self.url))
        return told["access_token"]


def registered(url: str, mode: str = "plain") -> Registered:
    keys = {
        "name": "demo",
        "id": ID,
        "appid": APPID,
        "secret": SECRET,
        "token": TOKEN,
        "aes_key": AES_KEY,
        "mode": mode,
        "verified": True,
    }
    listing = {
        "url": url,
        "title": "演示",
        "number": "banli",
        "menu": [
            {"name": "值机", "key": "/checkin"},
            {"name": "查", "sub": [{"name": "航班", "key": "/f"}]},
        ],
    }
    return register("test", keys, listing)


@asynccontextmanager
async def provided(mode: str = "plain") -> AsyncIterator[Provider]:
    provider = Provider(mode)

    async def picture(request: web.Request) -> web.Response:
        return web.Response(
            body=PNG if "png" in request.path else b"<html>", content_type="image/png"
        )

    app = web.Application()
    app.router.add_route("*", "/wechat", provider.handle)
    app.router.add_get("/media/{name}", picture)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    provider.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield provider
    finally:
        await runner.cleanup()


@asynccontextmanager
async def relayed(
    provider: Provider,
    home: Path,
    *,
    name: str = "王五",
    faults: Faults | None = None,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[Relay]:
    """A relay over `home`, with a terminal that has signed up or, when it exists, in."""
    accounts = {"demo": registered(f"{provider.url}/wechat", provider.mode)}
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        Platform.open(
            accounts, home / "relay.db", patience=PATIENCE, faults=faults, clock=clock
        ) as platform,
        running(platform, host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession(cookie_jar=jar) as client,
    ):
        url = f"http://127.0.0.1:{port}"
        terminal = Terminal(client, url)
        who = {"name": name, "password": "secret"}
        status, _ = await terminal.post("/api/sign-up", **who)
        if status == 409:
            await terminal.post("/api/sign-in", **who)
        yield Relay(platform, provider, terminal, url)


@dataclass
class Calls:
    """API calls with a token, and the openid of the relay's terminal."""

    relay: Relay
    token: str
    openid: str

    async def get(self, path: str, **query: str) -> Any:
        more = "".join(f"&{name}={value}" for name, value in query.items())
        told = await self.relay.terminal.get(f"/cgi-bin/{path}?access_token={self.token}{more}")
        return told[1]

    async def post(self, path: str, **body: Any) -> Any:
        address = f"/cgi-bin/{path}?access_token={self.token}"
        return (await self.relay.terminal.post(address, **body))[1]


@pytest.fixture
async def calls(relay: Relay) -> Calls:
    return Calls(relay, await relay.token(), relay.provider.requests[0][0]["openid"])


@pytest.fixture(params=["plain", "compat", "safe"])
def mode(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[Relay]:
    """A relay in plain mode whose terminal follows the account; the provider has heard of it."""
    async with provided() as provider, relayed(provider, tmp_path) as relay:
        await relay.terminal.post("/api/follow", number="banli")
        await provider.until(1)
        yield relay


@pytest.fixture
async def relay_in_mode(tmp_path: Path, mode: str) -> AsyncIterator[Relay]:
    """The same in each of the three modes."""
    async with provided(mode) as provider, relayed(provider, tmp_path) as relay:
        await relay.terminal.post("/api/follow", number="banli")
        await provider.until(1)
        yield relay


@pytest.fixture
def open_provider() -> Callable[..., Any]:
    return provided


@pytest.fixture
def open_relay() -> Callable[..., Any]:
    return relayed


@pytest.fixture
def keys() -> dict[str, str]:
    """What a developer is told of the account."""
    return {"token": TOKEN, "aes_key": AES_KEY, "appid": APPID, "secret": SECRET}
