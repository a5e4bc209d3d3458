from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest
import segno
import zxingcpp
from PIL import Image

from engine.relay import terminals

FORGED = {"json": {"number": "banli"}, "headers": {"Origin": "http://evil.test"}}


async def test_a_page_of_another_site_can_do_nothing(relay: Any) -> None:
    async with relay.terminal.client.post(f"{relay.url}/api/follow", **FORGED) as response:
        assert response.status == 403
        assert "Access-Control-Allow-Origin" not in response.headers


async def test_a_feed_is_for_our_own_page(relay: Any) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await relay.terminal.client.ws_connect(
            f"{relay.url}/live", headers={"Origin": "http://evil.test"}
        )
    assert refused.value.status == 403


@pytest.mark.parametrize(
    "path", ["/api/contacts", "/api/history?account=demo", "/live", "/picture/1/0"]
)
async def test_who_is_not_signed_in_sees_nothing(relay: Any, path: str) -> None:
    async with (
        aiohttp.ClientSession() as stranger,
        stranger.get(relay.url + path) as response,
    ):
        assert response.status == 401


@pytest.mark.parametrize("cookie", ["", "1", "1.9999999999.", "1.9999999999.00", "x.y.z", "1.é"])
async def test_a_forged_cookie_is_nobody(relay: Any, cookie: str) -> None:
    headers = {"Cookie": f"banli_terminal={cookie}"}
    async with (
        aiohttp.ClientSession() as stranger,
        stranger.get(f"{relay.url}/api/contacts", headers=headers) as response,
    ):
        assert response.status == 401


async def test_a_name_and_its_password_sign_in(relay: Any) -> None:
    wrong = await relay.terminal.post("/api/sign-in", name="王五", password="wrong")
    nobody = await relay.terminal.post("/api/sign-in", name="赵六", password="secret")
    right = await relay.terminal.post("/api/sign-in", name="王五", password="secret")

    assert wrong == nobody == (401, {"error": "名字或密码不对"})
    assert right == (200, {"name": "王五"})


async def test_who_signs_out_is_forgotten(relay: Any) -> None:
    await relay.terminal.post("/api/sign-out")
    assert (await relay.terminal.get("/api/welcome"))[1]["name"] is None


async def test_the_cookie_is_for_the_browser_alone(relay: Any) -> None:
    body = {"name": "王五", "password": "secret"}
    address = f"{relay.url}/api/sign-in"
    async with relay.terminal.client.post(address, json=body, headers={"X-Banli": "1"}) as response:
        cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


async def test_the_page_may_load_nothing_foreign(relay: Any) -> None:
    async with relay.terminal.client.get(f"{relay.url}/") as response:
        policy = response.headers["Content-Security-Policy"]
        page = await response.text()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style=" not in page


async def test_pictures_of_another_terminal_are_not_shown(relay: Any) -> None:
    inner = (
        "<ArticleCount>1</ArticleCount><Articles><item><Title>图</Title>"
        f"<PicUrl>{relay.provider.url}/media/a.png</PicUrl></item></Articles>"
    )
    relay.provider.answers.append(lambda message: relay.provider.reply(message, "news", inner))
    await relay.terminal.say("图", "nonce-0001")
    shown = await relay.terminal.until(lambda message: message["kind"] == "news")
    picture = shown["articles"][0]["picture"]

    await relay.terminal.post("/api/sign-up", name="赵六", password="secret")

    assert (await relay.terminal.get(picture))[0] == 404


async def test_the_qr_code_leads_to_the_page_that_follows(relay: Any, tmp_path: Path) -> None:
    async with relay.terminal.client.get(f"{relay.url}/qr/banli.svg") as response:
        assert response.content_type == "image/svg+xml"
        drawn = await response.read()
    address = f"{relay.url}/follow/banli"
    code = segno.make(address, micro=False, error="m")
    file = tmp_path / "qr.png"
    code.save(str(file), scale=8, border=2)

    assert zxingcpp.read_barcodes(Image.open(file))[0].text == address
    svg = tmp_path / "qr.svg"
    code.save(str(svg), scale=8, border=2, dark="#111", light="#fff")
    assert drawn == svg.read_bytes()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"account": "demo", "nonce": "nonce-0001", "text": " \u0000 "}, 400),
        ({"account": "demo", "nonce": "short", "text": "好"}, 400),
        ({"account": "other", "nonce": "nonce-0001", "text": "好"}, 404),
        ({"account": "demo", "nonce": "nonce-0001", "text": "好" * 30_000}, 413),
    ],
)
async def test_a_wrong_request_is_refused_in_words(relay: Any, body: Any, status: int) -> None:
    got, told = await relay.terminal.post("/api/send", **body)
    assert (got, set(told)) == (status, {"error"})


async def test_what_xml_cannot_carry_is_left_out(relay: Any) -> None:
    await relay.terminal.say("你\u0000好\uffff", "nonce-0001")
    await relay.provider.until(2)
    assert relay.provider.received[-1].content == "你好"


def test_a_password_is_kept_as_a_salted_hash() -> None:
    kept = terminals.hashed("demo")
    assert "demo" not in kept
    assert kept != terminals.hashed("demo")
    assert terminals.matches("demo", kept)
    assert not terminals.matches("Demo", kept)
