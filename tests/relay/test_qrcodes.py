from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image


async def made(calls: Any, **wanted: Any) -> Any:
    body = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "店7"}}}
    return await calls.post("qrcode/create", **body | wanted)


async def test_a_follower_who_scans_is_a_scan_event_with_the_scene(relay: Any, calls: Any) -> None:
    code = await made(calls)
    assert (await relay.terminal.post("/api/scan", text=code["url"]))[0] == 200
    await relay.provider.until(2)

    message = relay.provider.received[-1]
    assert (message.event, message.scene_id, message.ticket) == ("scan", "店7", code["ticket"])


async def test_who_follows_by_scanning_brings_the_scene(relay: Any, calls: Any) -> None:
    code = await made(
        calls, action_name="QR_LIMIT_SCENE", action_info={"scene": {"scene_id": 100000}}
    )
    await relay.terminal.post("/api/unfollow", account="demo")
    await relay.terminal.post("/api/scan", text=code["url"])
    await relay.provider.until(3)

    message = relay.provider.received[-1]
    assert (message.event, message.scene_id) == ("subscribe_scan", "100000")
    told = await calls.get("user/info", openid=calls.openid)
    assert told["subscribe_scene"] == "ADD_SCENE_QR_CODE"
    assert (told["qr_scene"], told["qr_scene_str"]) == (100000, "")
    assert "expire_seconds" not in code


async def test_the_picture_of_a_ticket_says_the_address(relay: Any, calls: Any) -> None:
    code = await made(calls, expire_seconds=600)
    address = f"{relay.url}/cgi-bin/showqrcode?ticket={code['ticket']}"
    async with relay.terminal.client.get(address) as response:
        picture = Image.open(io.BytesIO(await response.read()))

    assert zxingcpp.read_barcodes(picture)[0].text == code["url"]
    assert code["expire_seconds"] == 600
    grey = picture.convert("L")
    address = f"{relay.url}/api/decode?width={grey.width}"
    headers = {"X-Banli": "test"}
    async with relay.terminal.client.post(
        address, data=grey.tobytes(), headers=headers
    ) as response:
        assert await response.json() == {"text": code["url"]}


async def test_a_code_ends(open_provider: Any, open_relay: Any, tmp_path: Path) -> None:
    later = [0.0]
    async with (
        open_provider() as provider,
        open_relay(provider, tmp_path, clock=lambda: 1_700_000_000 + later[0]) as relay,
    ):
        body = {"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 7}}}
        address = f"/cgi-bin/qrcode/create?access_token={await relay.token()}"
        _, code = await relay.terminal.post(address, **body)
        later[0] = 61
        status, told = await relay.terminal.post("/api/scan", text=code["url"])

    assert (status, told) == (404, {"error": "这个二维码已经失效"})


@pytest.mark.parametrize(
    ("name", "scene"),
    [
        ("QR_SCENE", {"scene_id": 0}),
        ("QR_SCENE", {"scene_str": "a"}),
        ("QR_STR_SCENE", {"scene_str": ""}),
        ("QR_STR_SCENE", {"scene_str": "a" * 65}),
        ("QR_LIMIT_SCENE", {"scene_id": 100001}),
        ("QR_OTHER", {"scene_id": 1}),
    ],
)
async def test_a_scene_beyond_the_limits_is_refused(calls: Any, name: str, scene: Any) -> None:
    told = await made(calls, action_name=name, action_info={"scene": scene})
    assert told["errcode"] == 40053


@pytest.mark.parametrize("text", ["你好", "https://evil.test/", "http://x/q/nobody"])
async def test_a_foreign_code_does_nothing(relay: Any, text: str) -> None:
    assert (await relay.terminal.post("/api/scan", text=text))[0] == 404
    assert len(relay.provider.requests) == 1


@pytest.mark.parametrize("query", ["", "width=0", "width=7", "width=5000"])
async def test_what_is_no_picture_is_not_decoded(relay: Any, query: str) -> None:
    address = f"{relay.url}/api/decode?{query}"
    headers = {"X-Banli": "test"}
    async with relay.terminal.client.post(address, data=bytes(100), headers=headers) as response:
        assert response.status == 400
