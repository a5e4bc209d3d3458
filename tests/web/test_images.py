"""Pictures as images of the chat, for accounts that want them so."""

from __future__ import annotations

import asyncio

from sqlalchemy import func, select

from engine.channels.wechat.xml import parse
from engine.message import Picture, Reply
from engine.store import Store
from engine.store.schema import outbox
from tests.channels.wechat.conftest import SEND, UPLOAD, opened
from tests.web.conftest import Serve
from tests.web.fakes import ScriptedTurns, account

PASS = Picture("boarding_pass", {"seat": "12A"}, "登机牌", "p1")


async def until_sent(store: Store) -> None:
    """Until the outbox is empty."""
    async with asyncio.timeout(20):
        while True:
            async with store.reading() as connection:
                if not await connection.scalar(select(func.count()).select_from(outbox)):
                    return


async def test_a_picture_follows_its_words_and_is_uploaded_once(
    serve: Serve, store: Store, turns: ScriptedTurns
) -> None:
    turns.script["值机"] = (Reply(text="办好了", picture=PASS),)
    turns.script["再看"] = (Reply(text="", picture=PASS),)
    async with opened() as api:
        told = account("plain", verified=True, api_base=api.url, pictures="image")
        async with serve(told) as platform:
            _, answer = await platform.push(platform.text("值机"))
            assert parse(answer.encode()).text("Content") == "办好了"
            await until_sent(store)
            (sent,) = api.at(SEND)
            assert sent.content["image"] == {"media_id": "m1"}
            # What the platform keeps can answer at once.
            _, answer = await platform.push(platform.text("再看"))
            fields = parse(answer.encode())
            assert (fields.text("MsgType"), fields.text("Image/MediaId")) == ("image", "m1")
            # To another customer it is another picture: each can be forgotten.
            other = platform.text("再看", openid="o2")
            assert await platform.push(other) == (200, "success")
            await until_sent(store)
        assert [call.content for call in api.at(UPLOAD)] == [b"boarding_pass {'seat': '12A'}"] * 2
        assert [call.query["type"] for call in api.at(UPLOAD)] == ["image", "image"]


async def test_a_picture_with_a_link_stays_an_article(serve: Serve, turns: ScriptedTurns) -> None:
    turns.script["值机"] = (Reply(text="办好了", picture=PASS, link="/seats/p1"),)
    told = account("plain", verified=True, pictures="image")
    async with serve(told) as platform:
        _, answer = await platform.push(platform.text("值机"))
    assert parse(answer.encode()).text("Articles/item/Url") == "https://example.com/seats/p1"


async def test_an_account_that_can_send_nothing_more_keeps_its_articles(
    serve: Serve, turns: ScriptedTurns
) -> None:
    turns.script["值机"] = (Reply(text="办好了", picture=PASS),)
    async with serve(account("plain", pictures="image")) as platform:
        _, answer = await platform.push(platform.text("值机"))
    assert parse(answer.encode()).text("MsgType") == "news"
