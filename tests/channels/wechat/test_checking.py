"""What is wrong with an account's settings: its own address and the platform's API are called."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import web

from engine.channels.wechat import checking
from engine.channels.wechat.gate import Gate
from engine.channels.wechat.passive import SUCCESS
from engine.finding import Finding
from engine.settings import PLATFORM, Account
from tests.channels.wechat.conftest import SEND, TOKEN, Clock, Platform, refusal
from tests.web.fakes import account


@pytest.fixture
def safe(platform: Platform) -> Account:
    return account("safe", verified=True, api_base=platform.url)


async def found(
    told: Account, client: aiohttp.ClientSession, clock: Clock, *, at: str
) -> dict[str, Finding]:
    """Findings by what they are about."""
    findings = [
        finding async for finding in checking.check(told, client, public_url=at, clock=clock)
    ]
    return {finding.what.partition(":")[0]: finding for finding in findings}


@pytest.fixture
def at_noon(platform: Platform, clock: Clock) -> Clock:
    """The platform's clock agrees."""
    tell_time(platform, clock())
    return clock


def tell_time(platform: Platform, now: datetime) -> None:
    there = format_datetime(now, usegmt=True)
    platform.answers["/"] = [web.Response(headers={"Date": there})]


async def serving(running: Account, clock: Clock, platform: Platform) -> None:
    """Let the platform's server also be the provider of an account, as its proxy would show it."""
    gate = Gate(running, clock=clock)

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.method == "GET":
            return web.Response(text=gate.verify(request.query))
        gate.open(request.query, await request.read())
        return web.Response(text=SUCCESS)

    platform.provider = answer


async def test_an_account_that_is_right_is_ok_throughout(
    safe: Account, platform: Platform, client: aiohttp.ClientSession, at_noon: Clock
) -> None:
    await serving(safe, at_noon, platform)
    platform.answers[SEND] = [refusal(40003)]
    findings = await found(safe, client, at_noon, at=platform.url)
    assert {finding.grade for finding in findings.values()} == {"ok"}
    assert list(findings) == [
        "settings",
        "address",
        "verification",
        "message",
        "clock",
        "token",
        "customer messages",
    ]


@pytest.mark.parametrize(
    ("changed", "failed"),
    [
        ({"token": "another1"}, {"verification", "message"}),
        ({"aes_key": "Z" * 43, "previous_aes_key": ""}, {"message"}),
        ({"appid": "wxother"}, {"message"}),
        ({"id": "gh_other"}, {"message"}),
    ],
)
async def test_a_server_that_runs_with_other_settings_is_noticed(
    safe: Account,
    platform: Platform,
    client: aiohttp.ClientSession,
    at_noon: Clock,
    changed: dict[str, str],
    failed: set[str],
) -> None:
    await serving(account("safe", **changed), at_noon, platform)
    findings = await found(safe, client, at_noon, at=platform.url)
    assert failed == {
        what
        for what in ("verification", "message")
        if findings[what].grade == "fail" and findings[what].remedy
    }


@pytest.mark.parametrize(
    ("status", "remedy"),
    [(301, "follows no redirect"), (404, "no such account"), (502, "proxy")],
)
async def test_an_address_that_leads_elsewhere_is_explained(
    safe: Account,
    platform: Platform,
    client: aiohttp.ClientSession,
    at_noon: Clock,
    status: int,
    remedy: str,
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"Location": "https://example.com"})

    platform.provider = answer
    findings = await found(safe, client, at_noon, at=platform.url)
    for what in ("verification", "message"):
        assert findings[what].grade == "fail"
        assert remedy in findings[what].remedy


async def test_a_server_that_does_not_run_is_noticed(
    safe: Account, client: aiohttp.ClientSession, at_noon: Clock
) -> None:
    findings = await found(safe, client, at_noon, at="http://127.0.0.1:9")
    assert "banli serve" in findings["verification"].remedy


@pytest.mark.parametrize(
    ("code", "remedy"),
    [(40013, "AppID"), (40125, "AppSecret"), (40164, "白名单"), (99999, "look the code up")],
)
async def test_a_refused_token_says_what_to_change(
    safe: Account,
    platform: Platform,
    client: aiohttp.ClientSession,
    at_noon: Clock,
    code: int,
    remedy: str,
) -> None:
    platform.answers[TOKEN] = [refusal(code)]
    findings = await found(safe, client, at_noon, at=platform.url)
    assert findings["token"].grade == "fail"
    assert str(code) in findings["token"].what
    assert remedy in findings["token"].remedy
    assert "customer messages" not in findings


@pytest.mark.parametrize(
    ("verified", "code", "grade"),
    [
        (True, 40003, "ok"),
        (True, 45015, "ok"),
        (True, 48001, "fail"),
        (False, 48001, "ok"),
        (False, 40003, "warn"),
    ],
)
async def test_whether_customer_messages_are_granted_is_compared_with_the_file(
    platform: Platform,
    client: aiohttp.ClientSession,
    at_noon: Clock,
    verified: bool,
    code: int,
    grade: str,
) -> None:
    platform.answers[SEND] = [refusal(code)]
    told = account("safe", verified=verified, api_base=platform.url)
    findings = await found(told, client, at_noon, at=platform.url)
    assert findings["customer messages"].grade == grade


@pytest.mark.parametrize(
    ("apart", "grade"), [(timedelta(seconds=20), "ok"), (timedelta(minutes=5), "warn"),
                         (timedelta(minutes=11), "fail")],
)  # fmt: skip
async def test_a_clock_that_is_wrong_is_told_before_messages_are_refused(
    safe: Account,
    platform: Platform,
    client: aiohttp.ClientSession,
    clock: Clock,
    apart: timedelta,
    grade: str,
) -> None:
    tell_time(platform, clock() - apart)
    findings = await found(safe, client, clock, at=platform.url)
    assert findings["clock"].grade == grade


@pytest.mark.parametrize(
    ("url", "grade"),
    [
        ("https://example.com", "ok"),
        ("http://127.0.0.1:80", "fail"),
        ("https://example.com:8443", "fail"),
    ],
)
def test_an_address_that_the_platform_cannot_call_is_told(url: str, grade: str) -> None:
    real = account("safe", api_base=PLATFORM)
    findings = checking.of_address(f"{url}/wechat/safe", real)
    assert findings[0].grade == grade


@pytest.mark.parametrize(
    ("options", "grade"),
    [({}, "ok"), ({"mode": "plain"}, "warn"), ({"previous_aes_key": "same"}, "warn")],
)
def test_what_is_unwise_in_the_file_is_told(options: dict[str, str], grade: str) -> None:
    told = account("safe")
    if options.get("previous_aes_key"):
        options = {"previous_aes_key": told.aes_key}
    assert checking.of_settings(account("safe", **options)).grade == grade
