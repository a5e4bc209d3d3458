"""The desk over HTTP: only for clerks, only from our own page."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from engine.desk.signin import create
from engine.message import Inbound, Reply
from engine.store import Store, conversation, outbox, waiting
from engine.store.conversation import Line
from engine.store.waiting import Waiting
from tests.web.conftest import Serve
from tests.web.fakes import NOW, Platform, ScriptedTurns, account

PAGE = {"X-Banli": "desk"}
CUSTOMER = {"account": "plain", "openid": "o1"}


class Turned(ScriptedTurns):
    """Takes and returns as the dialog does, as far as the queue is concerned."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store

    async def take(self, inbound: Inbound, fetch: object = None) -> tuple[Reply, ...]:
        async with self.store.writing() as connection:
            found = await waiting.find(connection, account="plain", openid=inbound.openid)
            if inbound.event == "returns":
                await waiting.remove(connection, account="plain", openid=inbound.openid)
            elif found and not found.clerk:
                await waiting.put(connection, customer(clerk=inbound.payload))
        return ()


def customer(clerk: str = "") -> Waiting:
    return Waiting(**CUSTOMER, since=NOW, reason="asked", clerk=clerk, name="张三", task={})


@pytest.fixture
def turns(store: Store) -> ScriptedTurns:
    return Turned(store)


@pytest.fixture
async def queued(store: Store) -> None:
    for name in ("小李", "小王"):
        await create(store, name=name, password="correct horse")
    async with store.writing() as connection:
        await waiting.put(connection, customer())
        line = Line(author="customer", text="转人工", at=NOW)
        await conversation.add(connection, [line], **CUSTOMER)


class Clerk:
    def __init__(self, client: aiohttp.ClientSession, url: str) -> None:
        self.client, self.url = client, f"{url}/desk"
        self.cookie = ""

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, Any]:
        given = {**PAGE, "Content-Type": "application/json", "Cookie": self.cookie, **headers}
        data = json.dumps(body)
        async with self.client.post(self.url + path, data=data, headers=given) as response:
            if "Set-Cookie" in response.headers:
                self.cookie = response.headers["Set-Cookie"].partition(";")[0]
            return response.status, await response.json()

    async def get(self, path: str, **query: str) -> tuple[int, Any]:
        headers = {"Cookie": self.cookie}
        async with self.client.get(self.url + path, params=query, headers=headers) as response:
            return response.status, await response.json()

    async def enter(self, name: str = "小李") -> Clerk:
        status, _ = await self.post("/api/sign-in", {"name": name, "password": "correct horse"})
        assert status == 200
        return self


def clerk(platform: Platform) -> Clerk:
    return Clerk(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()), platform.url)


async def test_nobody_sees_anything_without_signing_in(serve: Serve, queued: None) -> None:
    async with serve(account("plain")) as platform:
        visitor = clerk(platform)
        for path in ("/api/queue", "/api/conversation", "/api/doubts", "/api/news"):
            assert (await visitor.get(path, **CUSTOMER))[0] == 401
        for path in ("/api/take", "/api/hand-back"):
            assert (await visitor.post(path, CUSTOMER))[0] == 401
        assert await visitor.get("/api/me") == (200, {"name": ""})
        await visitor.client.close()


async def test_a_page_of_another_site_can_do_nothing(serve: Serve, queued: None) -> None:
    async with serve(account("plain")) as platform:
        signed = await clerk(platform).enter()
        headers = {"Cookie": signed.cookie, "Content-Type": "text/plain"}
        async with signed.client.post(
            f"{signed.url}/api/take", data=json.dumps(CUSTOMER), headers=headers
        ) as response:
            assert response.status == 401
        await signed.client.close()


@pytest.mark.parametrize("body", [b'{"account": "\xfb", "openid": "o"}', b"[", b"", b"[]"])
async def test_a_body_that_is_none_is_refused_in_words(
    serve: Serve, queued: None, body: bytes
) -> None:
    async with serve(account("plain")) as platform:
        signed = await clerk(platform).enter()
        headers = {**PAGE, "Cookie": signed.cookie, "Content-Type": "application/json"}
        async with signed.client.post(
            f"{signed.url}/api/take", data=body, headers=headers
        ) as response:
            assert (response.status, await response.json()) == (400, {"error": "请求的内容不对"})
        await signed.client.close()


async def test_the_cookie_and_the_page_are_shut(serve: Serve, queued: None) -> None:
    async with serve(account("plain")) as platform:
        visitor = clerk(platform)
        async with visitor.client.get(visitor.url) as response:
            assert response.status == 200
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert "客服台" in await response.text()
        body = json.dumps({"name": "小李", "password": "correct horse"})
        async with visitor.client.post(
            f"{visitor.url}/api/sign-in",
            data=body,
            headers={**PAGE, "Content-Type": "application/json"},
        ) as response:
            cookie = response.headers["Set-Cookie"].lower()
            assert all(word in cookie for word in ("httponly", "samesite=strict", "secure"))
        async with visitor.client.get(f"{visitor.url}/page/secrets.txt") as response:
            assert response.status == 404
        await visitor.client.close()


async def test_a_customer_is_taken_answered_and_handed_back(
    serve: Serve, queued: None, store: Store
) -> None:
    async with serve(account("plain")) as platform:
        one, two = await clerk(platform).enter(), await clerk(platform).enter("小王")
        assert (await one.get("/api/queue"))[1]["queue"][0]["name"] == "张三"
        assert (await one.post("/api/say", {**CUSTOMER, "text": "您好"}))[0] == 409
        assert await one.post("/api/take", CUSTOMER) == (200, {})
        status, told = await two.post("/api/take", CUSTOMER)
        assert (status, told["error"]) == (409, "小李已经接待了这位客户")
        assert (await two.post("/api/say", {**CUSTOMER, "text": "您好"}))[0] == 409
        assert await one.post("/api/say", {**CUSTOMER, "text": "拨13812345678"}) == (200, {})
        _, seen = await two.get("/api/conversation", **CUSTOMER)
        assert [line["text"] for line in seen["lines"]] == ["转人工", "拨138****5678"]
        assert (await two.post("/api/hand-back", CUSTOMER))[0] == 409
        assert await one.post("/api/hand-back", CUSTOMER) == (200, {})
        assert (await one.get("/api/conversation", **CUSTOMER))[0] == 404
        await one.client.close()
        await two.client.close()
    async with store.writing() as connection:
        due = await outbox.claim(connection, now=NOW, accounts=["plain"], lease=NOW - NOW)
    assert due == []


async def test_news_come_as_they_happen(serve: Serve, queued: None, store: Store) -> None:
    async with serve(account("plain")) as platform:
        signed = await clerk(platform).enter()
        headers = {"Cookie": signed.cookie}
        async with signed.client.get(f"{signed.url}/api/news", headers=headers) as response:
            assert response.content_type == "text/event-stream"
            assert "retry" in (await response.content.readline()).decode()
            news = [await response.content.readline() for _ in range(3)]
            assert b"data: news\n" in news
            async with store.writing() as connection:
                line = Line(author="customer", text="在吗", at=NOW)
                await conversation.add(connection, [line], **CUSTOMER)
            assert b"data: news\n" in [await response.content.readline() for _ in range(2)]
        await signed.client.close()
