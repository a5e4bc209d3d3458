"""What is wrong with an account's settings, told before the platform does."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp

from engine.channels.wechat.codes import Handling, meaning
from engine.channels.wechat.crypto import Cipher, msg_signature, signature
from engine.channels.wechat.door import Door
from engine.channels.wechat.errors import ApiError, ApiRefused
from engine.channels.wechat.gate import WINDOW
from engine.channels.wechat.passive import SUCCESS
from engine.channels.wechat.xml import cdata
from engine.finding import Finding
from engine.settings import PLATFORM, Account, Mode

_TIMEOUT = aiohttp.ClientTimeout(total=5)
#: Seconds by which clocks may differ before it is worth a word.
_SKEW = 30
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
#: An openid that nobody has: what is asked with it reaches no customer.
_NOBODY = "banli-check"

_REMEDIES = {
    40013: "copy the AppID anew: 设置与开发 → 开发接口管理",
    40125: "reset the AppSecret in the console and put the new one into the account's file",
    40001: "the AppSecret is not this account's: reset it in the console",
    40164: "add this server's address (in the message) to the IP 白名单 of the console",
    48001: "verified = false in the account's file, or have the account 认证",
    50002: "the account is barred: see the console",
}
_STATUS = {
    301: "the platform follows no redirect: enter the address that it leads to",
    302: "the platform follows no redirect: enter the address that it leads to",
    308: "the platform follows no redirect: enter the address that it leads to",
    400: "AppID, id or key of the running server differ from this file: restart it",
    403: "the running server has another token, or its clock is wrong",
    404: "the running server has no such account: is its folder of accounts this one?",
    502: "the proxy does not reach `banli serve`",
}


async def check(
    account: Account,
    client: aiohttp.ClientSession,
    *,
    public_url: str,
    clock: Callable[[], datetime],
) -> AsyncIterator[Finding]:
    """One finding after another. Nothing is changed, and no customer hears of it."""
    url = f"{public_url}/wechat/{account.name}"
    yield of_settings(account)
    for finding in of_address(url, account):
        yield finding
    yield await _verified(account, client, url, clock)
    yield await _pushed(account, client, url, clock)
    yield await _clocks(account, client, clock)
    async for finding in _api(account, client):
        yield finding


def of_settings(account: Account) -> Finding:
    """What is unwise in the file; it was read, so that token, keys and mode have their forms."""
    if account.mode is Mode.PLAIN:
        return Finding(
            "warn", "mode: plain, everybody on the way can read and write", 'mode = "safe"'
        )
    if account.previous_aes_key == account.aes_key:
        return Finding("warn", "previous_aes_key is aes_key", "leave it out")
    return Finding("ok", f"settings: mode {account.mode}, token and keys well-formed")


def of_address(url: str, account: Account) -> list[Finding]:
    """Whether the platform could call an address at all."""
    parts = urlsplit(url)
    told = []
    if (parts.hostname or "") in _LOCAL and account.api_base == PLATFORM:
        remedy = "set BANLI_PUBLIC_URL to the address that the platform can reach"
        told.append(Finding("fail", f"address: {url} is of this machine only", remedy))
    if parts.port not in (None, 80, 443) and account.api_base == PLATFORM:
        remedy = "the platform calls 80 and 443 only: put a proxy in front"
        told.append(Finding("fail", f"address: port {parts.port}", remedy))
    return told or [Finding("ok", f"address: {url}")]


def _signed(account: Account, clock: Callable[[], datetime]) -> dict[str, str]:
    timestamp, nonce = str(int(clock().timestamp())), str(secrets.randbelow(10**10))
    signed = signature(account.token, timestamp, nonce)
    return {"signature": signed, "timestamp": timestamp, "nonce": nonce}


async def _verified(
    account: Account, client: aiohttp.ClientSession, url: str, clock: Callable[[], datetime]
) -> Finding:
    """What the platform does when the address is entered."""
    echo = str(secrets.randbelow(10**19))
    query = {**_signed(account, clock), "echostr": echo}
    began = time.monotonic()
    try:
        async with client.get(url, params=query, timeout=_TIMEOUT, allow_redirects=False) as answer:
            status, body = answer.status, await answer.text(errors="replace")
    except (aiohttp.ClientError, TimeoutError) as error:
        return _unreached("verification", error)
    took = f"{time.monotonic() - began:.1f} s"
    if status == 200 and body == echo:
        return Finding("ok", f"verification: echoed in {took}")
    if status == 200:
        remedy = "a proxy answers by itself, or changes the body"
        return Finding("fail", "verification: something else than the echo came back", remedy)
    return _wrong("verification", status)


async def _pushed(
    account: Account, client: aiohttp.ClientSession, url: str, clock: Callable[[], datetime]
) -> Finding:
    """An event that nobody answers, in the account's mode."""
    query, body = _push(account, clock)
    try:
        async with client.post(
            url,
            params=query,
            data=body.encode(),
            headers={"Content-Type": "text/xml"},
            timeout=_TIMEOUT,
            allow_redirects=False,
        ) as answer:
            status, told = answer.status, await answer.text(errors="replace")
    except (aiohttp.ClientError, TimeoutError) as error:
        return _unreached("message", error)
    if status == 200 and told == SUCCESS:
        return Finding("ok", f"message: taken in mode {account.mode}")
    if status == 200:
        return Finding("fail", "message: answered with something else than success", "see the logs")
    return _wrong("message", status)


def _push(account: Account, clock: Callable[[], datetime]) -> tuple[dict[str, str], str]:
    clear = (
        f"<xml><ToUserName>{cdata(account.id)}</ToUserName>"
        f"<FromUserName>{cdata(_NOBODY)}</FromUserName>"
        f"<CreateTime>{int(clock().timestamp())}</CreateTime>"
        "<MsgType>event</MsgType><Event>banli_check</Event></xml>"
    )
    query = {**_signed(account, clock), "openid": _NOBODY}
    if account.mode is Mode.PLAIN:
        return query, clear
    encrypted = Cipher(account.aes_key, account.appid).encrypt(clear)
    signed = msg_signature(account.token, query["timestamp"], query["nonce"], encrypted)
    query |= {"encrypt_type": "aes", "msg_signature": signed}
    to = f"<ToUserName>{cdata(account.id)}</ToUserName>"
    return query, f"<xml>{to}<Encrypt>{cdata(encrypted)}</Encrypt></xml>"


async def _clocks(
    account: Account, client: aiohttp.ClientSession, clock: Callable[[], datetime]
) -> Finding:
    try:
        async with client.get(
            account.api_base, timeout=_TIMEOUT, allow_redirects=False
        ) as response:
            there = parsedate_to_datetime(response.headers["Date"])
    except (aiohttp.ClientError, TimeoutError) as error:
        return _unreached("platform", error)
    except (KeyError, ValueError):
        return Finding("warn", "clock: the platform tells no time", "compare it by hand")
    apart = abs((clock() - there).total_seconds())
    if apart > _SKEW:
        grade = "fail" if apart > WINDOW.total_seconds() else "warn"
        remedy = "let NTP set this server's clock: messages 10 minutes off are refused"
        return Finding(grade, f"clock: {apart:.0f} s from the platform's", remedy)
    return Finding("ok", f"clock: {apart:.0f} s from the platform's")


async def _api(account: Account, client: aiohttp.ClientSession) -> AsyncIterator[Finding]:
    door = Door(account.api_base, client)
    content = {"grant_type": "client_credential", "appid": account.appid}
    try:
        answer = await door.post("/cgi-bin/stable_token", {}, {**content, "secret": account.secret})
        token = {"access_token": str(answer["access_token"])}
    except KeyError:
        yield Finding("fail", "token: the answer holds none", "is api_base the platform's API?")
        return
    except ApiError as error:
        yield _refused("token", error)
        return
    yield Finding("ok", "token: given")
    yield await _granted(door, token, account)


async def _granted(door: Door, token: dict[str, str], account: Account) -> Finding:
    """Whether customer-service messages are granted: to nobody, so nobody hears it."""
    message = {"touser": _NOBODY, "msgtype": "text", "text": {"content": "."}}
    try:
        await door.post("/cgi-bin/message/custom/send", token, message)
        granted = True
    except ApiRefused as error:
        handling = meaning(error.code).handling
        if handling not in (Handling.MARK, Handling.OFF, Handling.HOLD):
            return _refused("customer messages", error)
        granted = handling is not Handling.OFF
    except ApiError as error:
        return _refused("customer messages", error)
    if account.verified and not granted:
        return Finding("fail", "customer messages: not granted (48001)", _REMEDIES[48001])
    if granted and not account.verified:
        return Finding(
            "warn",
            "customer messages: granted, but the file says verified = false",
            "verified = true, and late answers need not wait for the next message",
        )
    return Finding("ok", f"customer messages: {'granted' if granted else 'not granted, as told'}")


def _refused(what: str, error: ApiError) -> Finding:
    if not isinstance(error, ApiRefused):
        return Finding("fail", f"{what}: {error}", "can this server reach the platform's API?")
    told = f"{what}: {error} ({meaning(error.code).meaning})"
    return Finding(
        "fail", told, _REMEDIES.get(error.code, "look the code up in the platform's list")
    )


def _wrong(what: str, status: int) -> Finding:
    return Finding("fail", f"{what}: HTTP {status}", _STATUS.get(status, "see the server's logs"))


def _unreached(what: str, error: BaseException) -> Finding:
    why = "no answer in 5 s" if isinstance(error, TimeoutError) else type(error).__name__
    remedy = "is `banli serve` running, and do DNS, firewall and certificate fit the address?"
    return Finding("fail", f"{what}: {why}", remedy)
