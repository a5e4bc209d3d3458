"""The provider's own calls, answered by the relay: two readings of one API meet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from engine.channels.wechat import menu, scenes, templates
from engine.channels.wechat.api import Api
from engine.channels.wechat.customer import body
from engine.channels.wechat.errors import ApiRefused
from engine.channels.wechat.messages import Image, Menu, News, Text
from engine.message import Button
from engine.relay.voice import encoding
from engine.settings import Template
from engine.store import Store
from engine.store.outbox import Outgoing
from tests.speech.clips import tone

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
async def api(relay: Any, store: Store) -> Any:
    account = relay.platform.registered["demo"].account
    told = account.model_copy(update={"api_base": relay.url})
    async with aiohttp.ClientSession() as client:
        yield Api(told, client, store, clock=lambda: datetime.now(UTC))


@pytest.fixture
def openid(relay: Any) -> str:
    return str(relay.provider.requests[0][0]["openid"])


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
GIF = b"GIF89a\x01\x00\x01\x00"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
MEGA = 1024 * 1024


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        pytest.param("image", PNG, id="PNG"),
        pytest.param("image", JPEG, id="JPEG"),
        pytest.param("image", GIF, id="GIF"),
        pytest.param("voice", encoding.amr(tone(1.0)), id="AMR"),
        pytest.param("voice", encoding.mp3(tone(1.0)), id="MP3"),
        pytest.param("thumb", JPEG, id="thumbnail"),
    ],
)
async def test_what_is_uploaded_is_downloaded_again(api: Api, kind: str, data: bytes) -> None:
    id = await api.upload(data, kind=kind, filename="a", content_type="application/octet-stream")
    assert await api.media(id) == data


async def test_a_film_is_downloaded_from_where_the_answer_says(relay: Any, api: Api) -> None:
    id = await api.upload(MP4, kind="video", filename="a.mp4", content_type="video/mp4")
    told = await api.ask("/cgi-bin/media/get", media_id=id)
    async with relay.terminal.client.get(told["video_url"]) as response:
        assert await response.read() == MP4


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("image", PNG + bytes(10 * MEGA), 40009),
        ("image", b"BM", 40005),
        ("video", MP4 + bytes(10 * MEGA), 40011),
        ("thumb", JPEG + bytes(64 * 1024), 40012),
        ("thumb", PNG, 40005),
        ("film", MP4, 40004),
    ],
)
async def test_what_the_platform_does_not_keep_is_refused_with_its_code(
    api: Api, kind: str, data: bytes, code: int
) -> None:
    with pytest.raises(ApiRefused) as refused:
        await api.upload(data, kind=kind, filename="a", content_type="application/octet-stream")
    assert refused.value.code == code


async def test_a_medium_that_is_not_there_is_refused(api: Api) -> None:
    with pytest.raises(ApiRefused) as refused:
        await api.media("nothing")
    assert refused.value.code == 40007


async def test_every_message_that_replies_become_is_shown(
    relay: Any, api: Api, openid: str
) -> None:
    media_id = await api.upload(PNG, kind="image", filename="picture.png", content_type="image/png")
    seat = Button("12A", "seat=12A")
    article = News("座位图", "选一个", f"{relay.provider.url}/media/a.png", "https://example.com/")
    # Following lets three messages be sent, writing five.
    await relay.terminal.say("你好", "nonce-0001")
    for message in (Text("一"), Image(media_id), article, Menu("坐哪？", (seat,))):
        await api.send(body(message, openid=openid))
    shown = [await relay.terminal.hears("坐哪？")]
    assert shown[0]["choices"] == [{"label": "12A", "id": "seat=12A"}]
    _, told = await relay.terminal.get("/api/history?account=demo")
    kinds = [each["kind"] for each in told["messages"] if each["direction"] == "down"]
    assert kinds[-4:] == ["text", "image", "news", "menu"]


async def test_typing_menu_code_and_user_are_taken(relay: Any, api: Api, openid: str) -> None:
    await relay.terminal.say("你好", "nonce-0001")
    await api.typing(openid)
    content = menu.of_scripts([("checkin", "值机"), ("topup", "充话费"), ("consult", "咨询")])
    await api.call("/cgi-bin/menu/create", content)
    kept = await api.ask("/cgi-bin/menu/get")
    assert [button["name"] for button in kept["menu"]["button"]] == ["值机", "充话费", "更多"]
    code = await scenes.create(api, "/checkin")
    assert code.url.startswith("http")
    told = await api.ask("/cgi-bin/user/info", openid=openid, lang="zh_CN")
    assert (told["subscribe"], told["openid"]) == (1, openid)


async def test_a_notice_by_template_is_shown_and_its_outcome_told(
    relay: Any, api: Api, openid: str
) -> None:
    template = Template(id="T1", data={"thing1": "{flight}"})
    row = Outgoing(1, "demo", openid, b"[]", 1, "flight_changed", {"flight": "CA1234"})
    path, content = templates.request(template, row)
    assert "msgid" in await api.call(path, content)
    shown = await relay.terminal.until(lambda message: "CA1234" in str(message))
    assert shown["direction"] == "down"
