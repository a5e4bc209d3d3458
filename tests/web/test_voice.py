"""Recordings of voice messages, fetched from the platform while a turn needs them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from engine.channels.wechat.door import LARGEST
from engine.channels.wechat.xml import parse
from engine.settings import Account
from tests.web.conftest import Serve
from tests.web.fakes import Platform, account

AMR = b"#!AMR\n" + bytes(1000)


class Api:
    """The platform's API: gives tokens, and under an id what a test put there."""

    def __init__(self) -> None:
        self.url = ""
        self.tokens = 0
        self.dead: set[str] = set()
        self.media: dict[str, list[web.StreamResponse]] = {}
        self.asked: list[str] = []

    async def token(self, request: web.Request) -> web.Response:
        self.tokens += 1
        return web.json_response({"access_token": f"token{self.tokens}", "expires_in": 7200})

    async def get(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.query["media_id"])
        if request.query["access_token"] in self.dead:
            return web.Response(text='{"errcode":42001,"errmsg":"access_token expired"}')
        waiting = self.media.get(request.query["media_id"])
        if not waiting:
            return web.Response(text='{"errcode":40007,"errmsg":"invalid media_id"}')
        return waiting.pop(0)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    fake = Api()
    app = web.Application()
    app.router.add_post("/cgi-bin/stable_token", fake.token)
    app.router.add_get("/cgi-bin/media/get", fake.get)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield fake
    await runner.cleanup()


@pytest.fixture(params=[True, False])
def speaker(request: pytest.FixtureRequest, api: Api) -> Account:
    """An account that may write on its own, and one that may not: both may fetch."""
    return account("plain", verified=request.param, api_base=api.url)


def amr(data: bytes = AMR) -> web.Response:
    return web.Response(body=data, content_type="voice/amr")


def spoken(platform: Platform, media_id: str = "m/1+2=") -> str:
    return platform.message(MsgType="voice", MediaId=media_id, Format="amr")


async def answer(platform: Platform, body: str) -> str:
    _, response = await platform.push(body)
    return parse(response.encode()).text("Content")


async def test_a_turn_gets_the_recording_by_its_id(
    serve: Serve, api: Api, speaker: Account
) -> None:
    api.media["m/1+2="] = [amr()]
    async with serve(speaker) as platform:
        assert await answer(platform, spoken(platform)) == f"{len(AMR)} bytes"
    assert api.asked == ["m/1+2="]


async def test_a_refused_token_is_renewed_once_and_the_recording_fetched(
    serve: Serve, api: Api, speaker: Account
) -> None:
    api.dead.add("token1")
    api.media["m/1+2="] = [amr()]
    async with serve(speaker) as platform:
        assert await answer(platform, spoken(platform)) == f"{len(AMR)} bytes"
    assert (api.tokens, len(api.asked)) == (2, 2)


async def test_a_platform_that_stumbles_is_asked_once_more(
    serve: Serve, api: Api, speaker: Account
) -> None:
    api.media["m/1+2="] = [web.Response(status=502), amr()]
    async with serve(speaker) as platform:
        assert await answer(platform, spoken(platform)) == f"{len(AMR)} bytes"


@pytest.mark.parametrize(
    ("responses", "told", "asked"),
    [
        ([], "NotFetched", 1),
        ([web.Response(text='{"errcode":48001,"errmsg":"unauthorized"}')], "NotFetched", 1),
        ([web.Response(status=500), web.Response(status=500)], "NotFetched", 2),
        ([web.Response(text='{"video_url":"http://x"}')] * 1 + [amr(b"{")], "NotFetched", 2),
        ([amr(AMR + bytes(LARGEST))], "TooBig", 1),
    ],
    ids=["ended", "not granted", "down", "no recording", "too big"],
)
async def test_what_is_no_recording_is_told_apart(
    serve: Serve, api: Api, responses: list[web.StreamResponse], told: str, asked: int
) -> None:
    api.media["m/1+2="] = list(responses)
    async with serve(account("plain", api_base=api.url)) as platform:
        assert await answer(platform, spoken(platform)) == told
    assert len(api.asked) == asked


async def test_a_platform_that_is_away_costs_only_this_recording(serve: Serve) -> None:
    async with serve(account("plain")) as platform:
        assert await answer(platform, spoken(platform)) == "NotFetched"
        assert await answer(platform, platform.text("你好")) == "说了你好"
