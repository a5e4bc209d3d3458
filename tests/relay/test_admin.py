from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from engine.relay.admin.entry import LOCKED, STAYS, Entry
from engine.relay.errors import Refused, RelayError
from engine.relay.faults import Faults
from engine.relay.serve import running

PASSWORD = "correct horse"


@dataclass
class Desk:
    """The administrator's browser on a relay."""

    relay: Any
    client: aiohttp.ClientSession
    url: str

    async def get(self, path: str) -> Any:
        async with self.client.get(f"{self.url}/admin/api/{path}") as response:
            return response.status, await response.json()

    async def post(self, path: str, **body: Any) -> Any:
        address, headers = f"{self.url}/admin/api/{path}", {"X-Banli": "test"}
        async with self.client.post(address, json=body, headers=headers) as response:
            return response.status, await response.json()


@pytest.fixture
async def desk(relay_in_mode: Any) -> AsyncIterator[Desk]:
    """A desk beside the relay, signed in."""
    async with (
        running(relay_in_mode.platform, host="127.0.0.1", port=0, password=PASSWORD) as port,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client,
    ):
        desk = Desk(relay_in_mode, client, f"http://127.0.0.1:{port}")
        assert (await desk.post("sign-in", password=PASSWORD))[0] == 200
        yield desk


async def test_every_try_is_shown_with_its_xml_and_what_is_encrypted_in_clear(desk: Desk) -> None:
    provider = desk.relay.provider
    provider.silent = 1
    provider.says("收到")
    await desk.relay.terminal.say("在吗", "nonce-0001")
    await desk.relay.terminal.hears("收到")

    _, told = await desk.get("log?account=demo")
    line = next(each for each in told["lines"] if each["said"] == "在吗")
    _, opened = await desk.get(f"tries/{line['id']}")
    first, second = opened["tries"]
    assert (line["terminal"], line["tries"], line["status"]) == ("王五", 2, "sent")
    assert (first["problem"], second["problem"], second["http_status"]) == (
        "no answer in time",
        "",
        200,
    )
    for one in (first, second):
        assert "在吗" in (one["request_clear"] or one["request"])
        assert one["milliseconds"] >= 0
    assert "收到" in (second["answer_clear"] or second["answer"])
    assert (await desk.get("log?failed=1"))[1]["lines"][0]["id"] == line["id"]


async def test_a_fault_is_switched_on_and_off_for_one_account(desk: Desk) -> None:
    platform = desk.relay.platform
    assert await desk.post("faults", account="demo", drop=1.0) == (200, {})
    assert platform.faults.of("demo") == Faults(drop=1.0, chance=platform.faults.of("demo").chance)
    assert platform.faults.of("other").drop == 0
    sent = await desk.relay.terminal.say("在吗", "nonce-0001")
    await desk.relay.terminal.until(
        lambda message: message["id"] == sent["id"] and message["status"] == "retrying"
    )
    await desk.post("faults", account="demo")
    await desk.relay.terminal.until(
        lambda message: message["id"] == sent["id"] and message["status"] == "sent"
    )
    assert (await desk.post("faults", account="demo", drop=1.5))[0] == 400


async def test_a_limit_is_set_and_the_day_begun_anew(desk: Desk) -> None:
    async def made() -> tuple[int, int]:
        _, told = await desk.get("accounts")
        calls = {each["kind"]: each for each in told["accounts"][0]["calls"]}
        return calls["token"]["made"], calls["token"]["most"]

    await desk.relay.token()
    await desk.post("limit", account="demo", kind="token", most=1)
    assert await made() == (1, 1)
    with pytest.raises(KeyError):
        await desk.relay.token()
    await desk.post("reset", account="demo")
    assert await made() == (0, 1)
    assert await desk.relay.token()


async def test_no_secret_is_shown(desk: Desk, keys: dict[str, str]) -> None:
    _, told = await desk.get("accounts")
    assert told["accounts"][0]["appid"] == keys["appid"]
    assert not {"token", "aes_key", "secret"} & set(told["accounts"][0])
    assert keys["token"] not in str(told)
    assert keys["aes_key"] not in str(told)


@pytest.mark.parametrize("path", ["accounts", "log", "tries/1"])
async def test_who_is_not_signed_in_sees_nothing(desk: Desk, path: str) -> None:
    async with (
        aiohttp.ClientSession() as stranger,
        stranger.get(f"{desk.url}/admin/api/{path}") as response,
    ):
        assert response.status == 401


@pytest.mark.parametrize("path", ["faults", "limit", "reset"])
async def test_who_is_not_signed_in_changes_nothing(desk: Desk, path: str) -> None:
    async with (
        aiohttp.ClientSession() as stranger,
        stranger.post(
            f"{desk.url}/admin/api/{path}", json={"account": "demo"}, headers={"X-Banli": "1"}
        ) as response,
    ):
        assert response.status == 401


async def test_a_page_of_another_site_changes_nothing(desk: Desk) -> None:
    body = {"account": "demo", "drop": 1.0}
    async with desk.client.post(f"{desk.url}/admin/api/faults", json=body) as response:
        assert response.status == 403
    assert desk.relay.platform.faults.of("demo").drop == 0


async def test_without_a_password_there_is_no_page(relay: Any) -> None:
    async with relay.terminal.client.get(f"{relay.url}/admin") as response:
        assert response.status == 404
    status, _ = await relay.terminal.post("/admin/api/sign-in", password="whatever")
    assert status == 404


async def test_who_signs_out_is_out(desk: Desk) -> None:
    await desk.post("sign-out")
    assert (await desk.get("accounts"))[0] == 401


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour() -> None:
    clock = Clock()
    entry = Entry(PASSWORD, b"key", clock)
    for _ in range(5):
        with pytest.raises(Refused, match="密码不对"):
            entry.enter("wrong")
    with pytest.raises(Refused, match="15 分钟"):
        entry.enter(PASSWORD)
    clock.now += LOCKED + 1
    assert entry.knows(entry.enter(PASSWORD))


def test_a_cookie_ends_with_the_day_and_with_the_password() -> None:
    clock = Clock()
    entry = Entry(PASSWORD, b"key", clock)
    cookie = entry.enter(PASSWORD)
    assert not Entry("another one", b"key", clock).knows(cookie)
    clock.now += STAYS
    assert not entry.knows(cookie)


@pytest.mark.parametrize("cookie", ["", ".", "9999999999.", "9999999999.é", "x.y"])
def test_a_forged_cookie_opens_nothing(cookie: str) -> None:
    assert not Entry(PASSWORD, b"key", Clock()).knows(cookie)


def test_a_short_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RelayError, match="8 characters"):
        Entry("short", b"key", Clock())
