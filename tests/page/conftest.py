"""A browser on the terminal page of a relay, whose provider answers by a small script."""

from __future__ import annotations

import asyncio
import io
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from defusedxml.ElementTree import fromstring
from PIL import Image, ImageDraw
from playwright.async_api import Browser, Page, async_playwright

from engine.relay.accounts import register
from engine.relay.demo import guests
from engine.relay.forward import Patience
from engine.relay.platform import Platform
from engine.relay.serve import DATABASE, running, seed

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

ID = "gh_0123456789ab"

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1440, "height": 900}


@dataclass
class Provider:
    """Answers by what is said; remembers the texts, choices and voices that it got.

    `answers`, as MsgType and content, are used up first, one a message (without a MsgType it says
    nothing yet); the first `slow` of them wait until `silent` is set. `openid` is who wrote last.
    """

    url: str = ""
    heard: list[tuple[str, str]] = field(default_factory=list)
    voices: list[str] = field(default_factory=list)
    answers: deque[tuple[str, str]] = field(default_factory=deque)
    slow: int = 0
    openid: str = ""
    silent: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.Response:
        if request.method == "GET":
            return web.Response(text=request.query["echostr"])
        message = fromstring(await request.read())
        self.openid = openid = message.findtext("FromUserName")
        if message.findtext("MsgType") == "voice":
            self.voices.append(message.findtext("MediaId"))
        if self.answers and message.findtext("MsgType") != "event":
            kind, inner = self.answers.popleft()
            answer = envelope(openid, kind, inner) if kind else "success"
            if self.slow:
                self.slow -= 1
                await self.silent.wait()
            return web.Response(text=answer)
        said = (
            message.findtext("Content") or message.findtext("EventKey") or message.findtext("Event")
        )
        self.heard.append((said, message.findtext("bizmsgmenuid") or ""))
        if said == "沉默":
            await self.silent.wait()
        return web.Response(text=self.answer(said, openid))

    def answer(self, said: str, openid: str) -> str:
        if said == "选座":
            return envelope(
                openid, "news", article("请选座位", "回复座位号，如 12A", f"{self.url}/seats.png")
            )
        if said == "卡片":
            card = article("航班动态", "CA1234 准点", f"{self.url}/seats.png")
            url = f"<Url>{self.url}/seats.png</Url>"
            return envelope(openid, "news", card.replace(url, "<Url>https://example.org/</Url>"))
        if said == "值机":
            menu = "".join(
                f'\n<a href="weixin://bizmsgmenu?msgmenucontent={seat}&msgmenuid=seat%3D{seat}">{seat}</a>'
                for seat in ("12A", "14C")
            )
            return envelope(openid, "text", content(f"请选座位：{menu}"))
        return envelope(openid, "text", content(f"收到：{said} <img src=x onerror=alert(1)>"))


def envelope(openid: str, kind: str, inner: str) -> str:
    return (
        f"<xml><ToUserName>{openid}</ToUserName><FromUserName>{ID}</FromUserName>"
        f"<CreateTime>1700000000</CreateTime><MsgType>{kind}</MsgType>{inner}</xml>"
    )


def content(text: str) -> str:
    return f"<Content><![CDATA[{text}]]></Content>"


def article(title: str, description: str, picture: str) -> str:
    return (
        f"<ArticleCount>1</ArticleCount><Articles><item><Title>{title}</Title>"
        f"<Description>{description}</Description><PicUrl>{picture}</PicUrl><Url>{picture}</Url>"
        "</item></Articles>"
    )


def seats() -> bytes:
    """A picture of 640 × 400."""
    image = Image.new("RGB", (640, 400), "#eef4f1")
    draw = ImageDraw.Draw(image)
    for row in range(6):
        for column in range(6):
            left, top = 60 + column * 90, 30 + row * 58
            draw.rounded_rectangle((left, top, left + 60, top + 42), 8, fill="#0b7459")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@dataclass
class Site:
    """A relay that serves the page, on the same port after a restart."""

    provider: Provider
    home: Path
    port: int = 0
    patience: Patience = field(default_factory=lambda: Patience(seconds=1.0))
    password: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        keys = dict(
            name="demo", id=ID, appid="wx0123456789abcdef", secret="secret", token="pagetoken"
        )
        listing = {
            "url": f"{self.provider.url}/wechat",
            "title": "办理演示",
            "number": "banli",
            "menu": [
                {"name": "值机", "key": "/checkin"},
                {"name": "查询", "sub": [{"name": "航班动态", "key": "/query_flight"}]},
            ],
        }
        accounts = {"demo": register("test", keys | {"mode": "plain", "verified": True}, listing)}
        welcome = guests()
        await seed(self.home / DATABASE, welcome)
        async with (
            Platform.open(accounts, self.home / DATABASE, patience=self.patience) as platform,
            running(
                platform, host="127.0.0.1", port=self.port, guests=welcome, password=self.password
            ) as self.port,
        ):
            yield


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    provider = Provider()

    async def picture(request: web.Request) -> web.Response:
        return web.Response(body=seats(), content_type="image/png")

    app = web.Application()
    app.router.add_route("*", "/wechat", provider.handle)
    app.router.add_get("/seats.png", picture)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    provider.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield provider
    provider.silent.set()
    await runner.cleanup()


@pytest.fixture
def site(provider: Provider, tmp_path: Path) -> Site:
    return Site(provider, tmp_path)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    return request.param


@pytest.fixture
def opened(browser: Browser) -> Callable[..., AbstractAsyncContextManager[Page]]:
    """Opens a page; anything that the page's console calls an error fails the test."""

    @asynccontextmanager
    async def open_page(url: str, *, expected: str = "", **options: Any) -> AsyncIterator[Page]:
        context = await browser.new_context(locale="zh-CN", **options)
        page = await context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: line.type == "error" and errors.append(line.text))
        page.set_default_timeout(20_000)
        await page.goto(url)
        yield page
        await context.close()
        assert [line for line in errors if not expected or expected not in line] == []

    return open_page
