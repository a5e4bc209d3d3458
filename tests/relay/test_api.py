from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


@pytest.fixture
async def api(relay: Any) -> Any:
    """Calls an API path with a token: JSON in, JSON out."""
    token = await relay.token()
    openid = relay.provider.requests[0][0]["openid"]

    async def call(path: str, **body: Any) -> Any:
        address = f"{relay.url}/cgi-bin/{path}?access_token={token}"
        async with relay.terminal.client.post(address, json={"touser": openid} | body) as response:
            assert response.status == 200
            return await response.json()

    return call


OK = {"errcode": 0, "errmsg": "ok"}


async def test_a_late_text_appears_with_its_links(relay: Any, api: Any) -> None:
    text = '办好了 <a href="weixin://bizmsgmenu?msgmenucontent=A&msgmenuid=b">A</a>'
    assert await api("message/custom/send", msgtype="text", text={"content": text}) == OK

    shown = await relay.terminal.hears("办好了")
    assert shown["choices"] == [{"label": "A", "id": "b"}]


async def test_a_late_menu_appears_as_choices(relay: Any, api: Any) -> None:
    menu = {"head_content": "满意吗", "list": [{"id": "1", "content": "满意"}], "tail_content": ""}
    assert await api("message/custom/send", msgtype="msgmenu", msgmenu=menu) == OK

    shown = await relay.terminal.hears("满意吗")
    assert shown["choices"] == [{"label": "满意", "id": "1"}]


async def test_a_late_article_shows_a_picture_of_the_providers_host(relay: Any, api: Any) -> None:
    articles = [{"title": "座位图", "picurl": f"{relay.provider.url}/media/a.png"}]
    assert await api("message/custom/send", msgtype="news", news={"articles": articles}) == OK

    shown = await relay.terminal.until(lambda message: message["kind"] == "news")
    async with relay.terminal.client.get(relay.url + shown["articles"][0]["picture"]) as response:
        assert response.content_type == "image/png"
        assert await response.read() == PNG


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/a.png", "{}/media/page", "file:///a.png"])
async def test_other_hosts_and_what_is_no_picture_are_not_fetched(
    relay: Any, api: Any, address: str
) -> None:
    articles = [{"title": "题", "picurl": address.format(relay.provider.url)}]
    await api("message/custom/send", msgtype="news", news={"articles": articles})

    shown = await relay.terminal.until(lambda message: message["kind"] == "news")
    assert (await relay.terminal.get(shown["articles"][0]["picture"]))[0] == 404


async def test_an_uploaded_picture_is_sent_and_downloaded(relay: Any, api: Any) -> None:
    token = await relay.token()
    form = aiohttp.FormData()
    form.add_field("media", PNG, filename="a.png", content_type="image/png")
    address = f"{relay.url}/cgi-bin/media/upload?access_token={token}&type=image"
    async with relay.terminal.client.post(address, data=form) as response:
        uploaded = await response.json()
    id = uploaded["media_id"]

    assert await api("message/custom/send", msgtype="image", image={"media_id": id}) == OK
    shown = await relay.terminal.until(lambda message: message["kind"] == "image")
    for place in (shown["picture"], f"/cgi-bin/media/get?access_token={token}&media_id={id}"):
        async with relay.terminal.client.get(relay.url + place) as response:
            assert await response.read() == PNG


async def test_an_image_answer_needs_a_medium_that_exists(relay: Any) -> None:
    inner = "<Image><MediaId>nothing</MediaId></Image>"
    relay.provider.answers.append(lambda message: relay.provider.reply(message, "image", inner))
    await relay.terminal.say("图呢", "nonce-0001")

    await relay.terminal.until(lambda message: message["direction"] == "notice")


async def test_the_stable_token_stays(relay: Any) -> None:
    body = {"grant_type": "client_credential", "appid": "wx0123456789abcdef"}
    body["secret"] = "0123456789abcdef"
    _, first = await relay.terminal.post("/cgi-bin/stable_token", **body)
    _, again = await relay.terminal.post("/cgi-bin/stable_token", **body)

    assert first["access_token"] == again["access_token"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"appid": "wxother"}, 40013), ({"secret": "wrong"}, 40125), ({"grant_type": "x"}, 40002)],
)
async def test_a_token_needs_the_right_secret(relay: Any, changes: Any, code: int) -> None:
    asked = {"grant_type": "client_credential", "appid": "wx0123456789abcdef", "secret": "0"}
    asked |= {"secret": "0123456789abcdef"} | changes
    _, told = await relay.terminal.post("/cgi-bin/stable_token", **asked)
    assert told["errcode"] == code


async def test_calls_with_a_bad_token_are_refused(relay: Any) -> None:
    _, told = await relay.terminal.post("/cgi-bin/message/custom/send?access_token=x", touser="o")
    assert told["errcode"] == 40001


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"touser": "oNobody", "msgtype": "text", "text": {"content": "好"}}, 40003),
        ({"msgtype": "text"}, 44004),
        ({"msgtype": "sticker"}, 40008),
        ({"msgtype": "image", "image": {"media_id": "x"}}, 40007),
        ({"msgtype": "news", "news": {"articles": [{}, {}]}}, 45008),
        ({"msgtype": 1}, 47001),
    ],
)
async def test_a_wrong_message_is_refused_with_its_code(api: Any, body: Any, code: int) -> None:
    assert (await api("message/custom/send", **body))["errcode"] == code


async def sendings(api: Any, count: int) -> list[int]:
    """The codes of so many customer-service messages, one after the other."""
    body = {"msgtype": "text", "text": {"content": "在吗"}}
    return [(await api("message/custom/send", **body))["errcode"] for _ in range(count)]


async def test_following_opens_a_window_of_three_messages(api: Any) -> None:
    assert await sendings(api, 4) == [0, 0, 0, 45047]


async def test_a_message_opens_a_window_of_five_and_the_next_one_another(
    relay: Any, api: Any
) -> None:
    await relay.terminal.say("一", "nonce-0001")
    assert await sendings(api, 6) == [0, 0, 0, 0, 0, 45047]
    await relay.terminal.say("二", "nonce-0002")
    assert await sendings(api, 1) == [0]


async def test_a_menu_entry_opens_a_window_of_three(relay: Any, api: Any) -> None:
    await sendings(api, 3)
    await relay.terminal.post(
        "/api/menu", account="demo", type="click", target="/f", nonce="nonce-0001"
    )
    assert await sendings(api, 4) == [0, 0, 0, 45047]


async def test_answers_to_a_push_use_up_no_window(relay: Any, api: Any) -> None:
    relay.provider.says("答")
    await relay.terminal.say("问", "nonce-0001")
    await relay.terminal.hears("答")
    assert await sendings(api, 6) == [0, 0, 0, 0, 0, 45047]


@pytest.mark.parametrize(
    ("says", "seconds", "code"),
    [
        (False, 59, 0),
        (False, 61, 45015),
        (True, 48 * 3600 - 1, 0),
        (True, 48 * 3600 + 1, 45015),
    ],
)
async def test_a_window_shuts(
    open_provider: Any, open_relay: Any, tmp_path: Path, says: bool, seconds: int, code: int
) -> None:
    later = [0.0]
    async with (
        open_provider() as provider,
        open_relay(provider, tmp_path, clock=lambda: 1_700_000_000 + later[0]) as relay,
    ):
        await relay.terminal.post("/api/follow", number="banli")
        if says:
            await relay.terminal.say("在吗", "nonce-0001")
        await provider.until(2 if says else 1)
        later[0] = seconds
        body = {"touser": provider.requests[0][0]["openid"], "msgtype": "text"}
        address = f"/cgi-bin/message/custom/send?access_token={await relay.token()}"
        _, told = await relay.terminal.post(address, **body, text={"content": "好"})

    assert told["errcode"] == code


async def test_who_has_unfollowed_gets_nothing(relay: Any, api: Any) -> None:
    await relay.terminal.post("/api/unfollow", account="demo")
    told = await api("message/custom/send", msgtype="text", text={"content": "在吗"})
    assert told["errcode"] == 43004


async def test_the_platform_tells_whether_a_user_follows(relay: Any) -> None:
    token, openid = await relay.token(), relay.provider.requests[0][0]["openid"]
    address = f"/cgi-bin/user/info?access_token={token}&openid={openid}"
    _, told = await relay.terminal.get(address)
    await relay.terminal.post("/api/unfollow", account="demo")
    _, later = await relay.terminal.get(address)

    assert (told["subscribe"], later) == (1, {"subscribe": 0, "openid": openid})
