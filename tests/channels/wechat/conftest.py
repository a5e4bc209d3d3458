"""A platform's API on a loopback socket, which answers as a test scripts it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from engine.channels.wechat.api import Api
from engine.channels.wechat.errors import BadSignature, WechatError
from engine.settings import Account
from engine.store import Store
from tests.web.fakes import NOW, account

SEND = "/cgi-bin/message/custom/send"
TOKEN = "/cgi-bin/stable_token"
UPLOAD = "/cgi-bin/media/upload"

OK = {"errcode": 0, "errmsg": "ok"}


def refusal(code: int) -> dict[str, Any]:
    return {"errcode": code, "errmsg": f"no rid: 6789-{code}"}


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Call:
    """One request: its path, its query without the token, and its JSON or the bytes of a file."""

    path: str
    token: str
    query: dict[str, str]
    content: Any


@dataclass
class Platform:
    """Answers each path as scripted, and otherwise that all is well."""

    url: str = ""
    answers: defaultdict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    calls: list[Call] = field(default_factory=list)
    tokens: int = 0
    stable: str = ""
    lifetime: int = 7200
    dead: set[str] = field(default_factory=set)
    media: int = 0
    #: What stands at `/wechat/`, for who asks an address of a provider.
    provider: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None

    def at(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]

    def said(self) -> list[str]:
        """The texts of customer-service messages, and the kind of the others."""
        contents = [call.content for call in self.at(SEND)]
        return [
            content["text"]["content"] if content["msgtype"] == "text" else content["msgtype"]
            for content in contents
        ]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path.startswith("/wechat/") and self.provider:
            return await self._provided(request)
        query = dict(request.query)
        token = query.pop("access_token", "")
        self.calls.append(Call(request.path, token, query, await self._content(request)))
        if scripted := self.answers[request.path]:
            answer = scripted.pop(0)
            return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer)
        if request.path == TOKEN:
            return web.json_response(
                self._token(self.calls[-1].content.get("force_refresh", False))
            )
        if token in self.dead:
            return web.json_response(refusal(40001))
        if request.path == UPLOAD:
            self.media += 1
            return web.json_response({"type": "image", "media_id": f"m{self.media}"})
        return web.json_response(OK)

    async def _provided(self, request: web.Request) -> web.StreamResponse:
        assert self.provider is not None
        try:
            return await self.provider(request)
        except WechatError as error:
            return web.Response(status=403 if isinstance(error, BadSignature) else 400)

    async def _content(self, request: web.Request) -> Any:
        if request.content_type == "multipart/form-data":
            part = (await request.post())["media"]
            assert isinstance(part, web.FileField)
            return part.file.read()
        return await request.json() if request.content_type == "application/json" else None

    def _token(self, force: bool) -> dict[str, Any]:
        if force or not self.stable:
            self.tokens += 1
            self.stable = f"token{self.tokens}"
        return {"access_token": self.stable, "expires_in": self.lifetime}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@asynccontextmanager
async def opened() -> AsyncIterator[Platform]:
    """A platform on a port of its own."""
    fake = Platform()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield fake
    await runner.cleanup()


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with opened() as fake:
        yield fake


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def airline(platform: Platform) -> Account:
    return account("plain", verified=True, api_base=platform.url)


@pytest.fixture
def api(airline: Account, client: aiohttp.ClientSession, store: Store, clock: Clock) -> Api:
    return Api(airline, client, store, clock=clock)
