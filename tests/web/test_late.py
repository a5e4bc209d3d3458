"""Answers that cannot leave with the response."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from engine import late
from engine.channels.wechat.channel import STILL_WORKING, Pace
from engine.channels.wechat.promises import UNANSWERED
from engine.channels.wechat.xml import parse
from engine.message import Button, Picture, Reply
from engine.settings import Account
from engine.store import Store, held
from tests.web.conftest import Serve
from tests.web.fakes import NOW, Platform, ScriptedTurns, account

#: No answer is ever in time.
HURRIED = Pace(budget=0)
SEATS = (Button("12A", "seat=12A"),)


class Api:
    """The platform's API: gives tokens, takes messages, refuses what a test wants refused."""

    def __init__(self) -> None:
        self.url = ""
        self.tokens = 0
        self.dead: set[str] = set()
        self.refusals: list[dict[str, object]] = []
        self.bodies: list[bytes] = []
        self.arrived: asyncio.Queue[dict[str, object]] = asyncio.Queue()

    async def token(self, request: web.Request) -> web.Response:
        asked = await request.json()
        assert asked["appid"].startswith("wx")
        assert asked["secret"] == "secret"
        self.tokens += 1
        return web.json_response({"access_token": f"token{self.tokens}", "expires_in": 7200})

    async def send(self, request: web.Request) -> web.Response:
        if request.query["access_token"] in self.dead:
            return web.Response(text='{"errcode":40001,"errmsg":"invalid\x01 credential"}')
        self.bodies.append(await request.read())
        if self.refusals:
            return web.json_response(self.refusals.pop(0))
        self.arrived.put_nowait(await request.json())
        return web.Response(text='{"errcode":0,"errmsg":"ok"}')


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    fake = Api()
    app = web.Application()
    app.router.add_post("/cgi-bin/stable_token", fake.token)
    app.router.add_post("/cgi-bin/message/custom/send", fake.send)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield fake
    await runner.cleanup()


@pytest.fixture
def verified(api: Api) -> Account:
    return account("plain", verified=True, api_base=api.url)


async def waiting(store: Store, openid: str = "o1") -> tuple[Reply, ...]:
    async with store.reading() as connection:
        return late.replies(await held.of(connection, account="plain", openid=openid))


async def until_held(store: Store) -> None:
    async with asyncio.timeout(10):
        # What stands in for an answer is there before the answer is.
        while (replies := await waiting(store)) == () or replies[0].text == UNANSWERED:
            pass


async def owe(store: Store, *replies: Reply) -> None:
    async with store.writing() as connection:
        await late.put(connection, replies, account="plain", openid="o1", due=NOW)


async def test_a_slow_answer_of_a_verified_account_arrives_as_customer_message(
    serve: Serve, turns: ScriptedTurns, api: Api, verified: Account
) -> None:
    turns.open.clear()
    async with serve(verified, pace=HURRIED) as platform:
        body = platform.text("你好")
        assert await platform.push(body) == (200, "success")
        assert await platform.push(body) == (200, "success")
        turns.open.set()
        assert await api.arrived.get() == {
            "touser": "o1",
            "msgtype": "text",
            "text": {"content": "说了你好"},
        }
        assert await platform.push(body) == (200, "success")
    assert api.arrived.empty()
    assert len(turns.taken) == 1


async def test_what_does_not_fit_into_the_response_follows_in_order(
    serve: Serve, turns: ScriptedTurns, api: Api, verified: Account
) -> None:
    card = Reply(text="座位图", picture=Picture("receipt", {}, "", "p1"), buttons=SEATS)
    turns.script["座位"] = (Reply(text="好的"), card)
    async with serve(verified) as platform:
        body = platform.text("座位")
        first = await platform.push(body)
        assert parse(first[1].encode()).text("Content") == "好的"
        assert (await api.arrived.get())["msgtype"] == "news"
        menu = await api.arrived.get()
        assert menu["msgtype"] == "msgmenu"
        assert await platform.push(body) == first
    assert api.arrived.empty()


async def test_chinese_is_sent_unescaped(
    serve: Serve, turns: ScriptedTurns, api: Api, verified: Account
) -> None:
    turns.open.clear()
    async with serve(verified, pace=HURRIED) as platform:
        await platform.push(platform.text("你好"))
        turns.open.set()
        await api.arrived.get()
    assert "说了你好".encode() in api.bodies[0]


async def test_one_token_serves_many_messages(
    serve: Serve, turns: ScriptedTurns, api: Api, verified: Account
) -> None:
    turns.open.clear()
    async with serve(verified, pace=HURRIED) as platform:
        for number in range(6):
            await platform.push(platform.text("你好", openid=f"o{number}"))
        turns.open.set()
        for _ in range(6):
            await api.arrived.get()
    assert api.tokens == 1


async def test_a_refused_token_is_renewed_once_and_the_message_repeated(
    serve: Serve, store: Store, api: Api, verified: Account
) -> None:
    api.dead.add("token1")
    await owe(store, Reply(text="到了"))
    async with serve(verified):
        assert (await api.arrived.get())["text"] == {"content": "到了"}
    assert api.tokens == 2


async def test_an_answer_left_by_a_killed_process_is_sent_by_the_next(
    serve: Serve, store: Store, api: Api, verified: Account
) -> None:
    await owe(store, Reply(text="到了"))
    async with serve(verified):
        assert (await api.arrived.get())["touser"] == "o1"


@pytest.mark.parametrize("code", [45015, 45047])
async def test_an_answer_outside_the_window_waits_for_the_next_message(
    serve: Serve, store: Store, api: Api, verified: Account, code: int
) -> None:
    await owe(store, Reply(text="到了"), Reply(text="还有"))
    api.refusals.append({"errcode": code, "errmsg": "response out of time limit"})
    async with serve(verified) as platform:
        await until_held(store)
        _, answer = await platform.push(platform.text("你好"))
    assert parse(answer.encode()).text("Content") == "到了\n\n还有\n\n说了你好"
    assert await waiting(store) == ()


async def test_an_account_without_menus_gets_its_choices_as_links(
    serve: Serve, store: Store, api: Api, verified: Account
) -> None:
    api.refusals.append({"errcode": 40200, "errmsg": "invalid account type"})
    await owe(store, Reply(text="坐哪？", buttons=SEATS))
    async with serve(verified):
        text = (await api.arrived.get())["text"]
    assert "weixin://bizmsgmenu" in str(text)


async def test_an_unverified_account_asks_at_the_third_try_and_tells_with_the_next_message(
    serve: Serve, store: Store, turns: ScriptedTurns
) -> None:
    turns.open.clear()
    async with serve(account("plain"), pace=HURRIED) as platform:
        body = platform.text("你好")
        for _ in range(2):
            await drop(platform, body, turns)
        _, answer = await platform.push(body)
        assert parse(answer.encode()).text("Content") == STILL_WORKING
        turns.open.set()
        await until_held(store)
    async with serve(account("plain")) as platform:
        _, answer = await platform.push(platform.text("好了吗", openid="o2"))
        assert parse(answer.encode()).text("Content") == "说了好了吗"
        body = platform.text("好了吗")
        first = await platform.push(body)
        assert parse(first[1].encode()).text("Content") == "说了你好\n说了好了吗"
        assert await platform.push(body) == first
    assert await waiting(store) == ()


async def drop(platform: Platform, body: str, turns: ScriptedTurns) -> None:
    """Send a request as the platform does, and close the connection before the answer."""
    asked = len(turns.taken)
    request = asyncio.create_task(platform.push(body))
    await turns.begun["你好"].wait()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await request
    assert len(turns.taken) == max(asked, 1)


@pytest.mark.parametrize("is_verified", [False, True])
async def test_an_answer_for_which_no_request_is_left_is_told_all_the_same(
    serve: Serve,
    store: Store,
    turns: ScriptedTurns,
    api: Api,
    verified: Account,
    is_verified: bool,
) -> None:
    turns.open.clear()
    async with serve(verified if is_verified else account("plain")) as platform:
        body = platform.text("你好")
        for _ in range(3):
            await drop(platform, body, turns)
        turns.open.set()
        if is_verified:
            assert (await api.arrived.get())["text"] == {"content": "说了你好"}
        else:
            await until_held(store)
            _, answer = await platform.push(platform.text("充一百"))
            assert parse(answer.encode()).text("Content") == "说了你好\n说了充一百"
    assert await waiting(store) == ()
    assert api.arrived.empty()


async def test_an_answer_that_comes_during_the_second_try_is_given_to_it(
    serve: Serve, turns: ScriptedTurns
) -> None:
    turns.open.clear()
    async with serve(account("plain"), pace=HURRIED) as platform:
        body = platform.text("你好")
        await drop(platform, body, turns)
        second = asyncio.create_task(platform.push(body))
        turns.open.set()
        _, answer = await second
    assert parse(answer.encode()).text("Content") == "说了你好"


async def test_work_in_hand_is_finished_and_kept_when_the_server_stops(
    serve: Serve, store: Store, turns: ScriptedTurns
) -> None:
    turns.open.clear()
    async with serve(account("plain"), pace=HURRIED) as platform:
        body = platform.text("你好")
        for _ in range(2):
            await drop(platform, body, turns)
        await platform.push(body)
        asyncio.get_running_loop().call_soon(turns.open.set)
    assert await waiting(store) == (Reply(text="说了你好"),)
