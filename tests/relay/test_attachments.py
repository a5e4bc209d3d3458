"""What customers send besides words: pictures, films, places, links, and where they are."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import aiohttp
import msgspec
import pytest
from PIL import Image

MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(64)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "#0b7459").save(out, "PNG")
    return out.getvalue()


async def test_a_picture_reaches_the_provider_by_address_and_by_medium(
    relay: Any, calls: Any
) -> None:
    sent = picture()
    status, shown = await relay.terminal.upload("/api/picture", sent, "nonce-0001")
    await relay.provider.until(2)

    message = relay.provider.received[-1]
    addresses = (
        message.image,
        f"{relay.url}/cgi-bin/media/get?access_token={calls.token}&media_id={message.media_id}",
        relay.url + shown["picture"],
    )
    for address in addresses:
        async with relay.terminal.client.get(address) as response:
            assert (response.content_type, await response.read()) == ("image/png", sent)
    assert (status, message.type) == (200, "image")


async def test_a_film_reaches_the_provider_with_a_thumbnail(relay: Any, calls: Any) -> None:
    status, shown = await relay.terminal.upload("/api/video", MP4, "nonce-0001")
    await relay.provider.until(2)

    message = relay.provider.received[-1]
    told = await calls.get("media/get", media_id=message.media_id)
    for address in (told["video_url"], relay.url + shown["video"]):
        async with relay.terminal.client.get(address) as response:
            assert await response.read() == MP4
    where = f"/cgi-bin/media/get?access_token={calls.token}&media_id={message.thumb_media_id}"
    async with relay.terminal.client.get(relay.url + where) as response:
        assert response.content_type == "image/jpeg"
    assert (status, message.type) == (200, "video")


@pytest.mark.parametrize("path", ["/api/picture", "/api/video"])
async def test_a_file_that_is_neither_is_refused(relay: Any, path: str) -> None:
    status, told = await relay.terminal.upload(path, b"<svg/>", "nonce-0001")
    assert (status, set(told)) == (415, {"error"})


async def test_a_place_and_a_link_are_messages_of_their_kind(relay: Any) -> None:
    place = {"latitude": 40.0799, "longitude": 116.6031, "label": "首都机场 T3"}
    await relay.terminal.post("/api/place", account="demo", nonce="nonce-0001", **place)
    await relay.provider.until(2)
    link = {"title": "须知", "description": "行李", "url": "https://example.org/a?b=1"}
    _, shown = await relay.terminal.post("/api/link", account="demo", nonce="nonce-0002", **link)
    await relay.provider.until(3)

    where, page = relay.provider.received[-2:]
    assert (where.location_x, where.location_y, where.label) == (
        "40.0799",
        "116.6031",
        "首都机场 T3",
    )
    assert (page.title, page.description, page.url) == ("须知", "行李", link["url"])
    assert shown["articles"][0]["href"] == link["url"]


@pytest.mark.parametrize("change", [{"latitude": 91}, {"longitude": -181}, {"latitude": "x"}])
async def test_a_place_that_is_nowhere_is_refused(relay: Any, change: dict[str, Any]) -> None:
    body = {"account": "demo", "nonce": "nonce-0001", "latitude": 0, "longitude": 0, "label": ""}
    assert (await relay.terminal.post("/api/place", **body | change))[0] == 400


async def test_a_link_must_lead_to_the_web(relay: Any) -> None:
    body = {"account": "demo", "nonce": "nonce-0001", "title": "题", "url": "javascript:alert(1)"}
    assert (await relay.terminal.post("/api/link", **body))[0] == 400


async def test_an_account_that_does_not_ask_is_not_told_where_a_customer_is(relay: Any) -> None:
    body = {"account": "demo", "latitude": 1.5, "longitude": 2.5, "precision": 30}
    assert (await relay.terminal.post("/api/position", **body))[0] == 409


async def test_an_account_that_asks_is_told_where_a_customer_is(relay: Any) -> None:
    account = relay.platform.registered["demo"]
    asking = msgspec.structs.replace(account.listing, reports="enter")
    relay.platform.registered["demo"] = replace(account, listing=asking)
    body = {"account": "demo", "latitude": 1.5, "longitude": 2.5, "precision": 30}
    assert await relay.terminal.post("/api/position", **body) == (200, {})
    await relay.provider.until(2)

    told = relay.provider.requests[1][1].decode()
    where = "<Latitude>1.5</Latitude><Longitude>2.5</Longitude><Precision>30.0</Precision>"
    assert f"<Event><![CDATA[LOCATION]]></Event>{where}" in told


async def test_a_picture_for_a_menu_entry_is_told_before_it_comes(relay: Any, calls: Any) -> None:
    await calls.post("menu/create", button=[{"type": "pic_weixin", "name": "照", "key": "p"}])
    query = {"type": "pic_weixin", "target": "p"}
    await relay.terminal.upload("/api/picture", picture(), "nonce-0001", **query)
    await relay.provider.until(3)

    bodies = b"".join(body for _, body in relay.provider.requests[1:]).decode()
    assert "<Event><![CDATA[pic_weixin]]></Event><EventKey><![CDATA[p]]></EventKey>" in bodies
    assert "<SendPicsInfo><Count>1</Count><PicList><item><PicMd5Sum>" in bodies
    assert "<MsgType><![CDATA[image]]></MsgType>" in bodies


async def test_unread_messages_are_counted_until_they_are_read(relay: Any) -> None:
    async def unread() -> int:
        _, told = await relay.terminal.get("/api/contacts")
        return told["contacts"][0]["unread"]

    relay.provider.says("答")
    await relay.terminal.say("问", "nonce-0001")
    answer = await relay.terminal.hears("答")
    assert await unread() == 1
    await relay.terminal.post("/api/read", account="demo", message=answer["id"])
    assert await unread() == 0


async def test_films_of_another_terminal_are_not_shown(relay: Any) -> None:
    _, shown = await relay.terminal.upload("/api/video", MP4, "nonce-0001")
    async with (
        aiohttp.ClientSession() as stranger,
        stranger.get(relay.url + shown["video"]) as response,
    ):
        assert response.status == 401
