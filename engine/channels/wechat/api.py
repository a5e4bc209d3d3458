"""Calls to the platform's API for one account."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
import msgspec

from engine.channels.wechat.errors import ApiRefused, ApiUnreachable
from engine.settings import Account
from engine.speech.errors import TooBig

TIMEOUT = aiohttp.ClientTimeout(total=10)

#: A recording is a few kB, and a customer waits for what is in it.
MEDIA_TIMEOUT = aiohttp.ClientTimeout(total=4)

#: Bytes of a recording that are taken; the platform's own limit of a voice.
LARGEST = 2 * 1024 * 1024

#: Return codes that blame the access token.
_TOKEN_REFUSED = frozenset({40001, 40014, 42001})

#: Seconds before its end at which a token is replaced. The platform then keeps both alive.
_EARLY = 300.0

# Some answers hold stray control characters, which JSON forbids.
_CONTROL = re.compile(rb"[\x00-\x1f]")

_Answer = TypeVar("_Answer")

_JSON = {"Content-Type": "application/json; charset=utf-8"}


class Api:
    """One account's door to the platform: fetches, keeps and renews its access token."""

    def __init__(self, account: Account, client: aiohttp.ClientSession) -> None:
        self._account = account
        self._client = client
        self._token = ""
        self._renew_at = 0.0
        self._fetching = asyncio.Lock()

    async def send(self, message: dict[str, Any]) -> None:
        """Send a customer-service message. Raises `ApiError`."""
        await self.call("/cgi-bin/message/custom/send", message)

    async def call(self, path: str, content: dict[str, Any]) -> dict[str, Any]:
        """Post ``content`` under the access token, again if that is refused. Raises `ApiError`."""
        return await self._admitted(
            lambda token: self._post(f"{path}?access_token={token}", content)
        )

    async def media(self, media_id: str) -> bytes:
        """What the platform keeps under an id. Raises `ApiError` and `TooBig`."""
        try:
            return await self._admitted(lambda token: self._get(token, media_id))
        except ApiUnreachable:
            # The customer would have to say it all again.
            return await self._admitted(lambda token: self._get(token, media_id))

    async def _admitted(self, ask: Callable[[str], Awaitable[_Answer]]) -> _Answer:
        """The answer to a question under the access token, asked again if that is refused."""
        token = await self._access_token()
        try:
            return await ask(token)
        except ApiRefused as error:
            if error.code not in _TOKEN_REFUSED:
                raise
        return await ask(await self._access_token(refused=token))

    async def _access_token(self, *, refused: str = "") -> str:
        # Whoever waited for the lock finds the token that the first one fetched.
        async with self._fetching:
            now = asyncio.get_running_loop().time()
            if self._token == refused or now >= self._renew_at:
                await self._fetch(now, refused)
            return self._token

    async def _fetch(self, now: float, refused: str) -> None:
        answer = await self._ask_for_token(force=False)
        if refused and answer.get("access_token") == refused:
            # Costs one of 20 a day, so only when the platform hands out what it refuses.
            answer = await self._ask_for_token(force=True)
        token, lifetime = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not isinstance(lifetime, int):
            raise ApiUnreachable("the answer holds no access token")
        self._token, self._renew_at = token, now + max(lifetime - _EARLY, lifetime / 2)

    async def _ask_for_token(self, *, force: bool) -> dict[str, Any]:
        content = {
            "grant_type": "client_credential",
            "appid": self._account.appid,
            "secret": self._account.secret,
            "force_refresh": force,
        }
        return await self._post("/cgi-bin/stable_token", content)

    async def _post(self, path: str, content: dict[str, Any]) -> dict[str, Any]:
        try:
            async with self._client.post(
                f"{self._account.api_base}{path}",
                # Escaped characters would give 40033.
                data=msgspec.json.encode(content),
                headers=_JSON,
                timeout=TIMEOUT,
                allow_redirects=False,
            ) as response:
                return _read(response.status, await response.read())
        except (aiohttp.ClientError, TimeoutError) as error:
            # The message of the cause may name the address, and with it the token.
            raise ApiUnreachable(type(error).__name__) from None

    async def _get(self, token: str, media_id: str) -> bytes:
        try:
            async with self._client.get(
                f"{self._account.api_base}/cgi-bin/media/get",
                params={"access_token": token, "media_id": media_id},
                timeout=MEDIA_TIMEOUT,
                allow_redirects=False,
            ) as response:
                data = await _at_most(LARGEST, response)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ApiUnreachable(type(error).__name__) from None
        # A refusal comes with HTTP 200 and any type, a video as the JSON of its address.
        if response.status != 200 or data.lstrip().startswith(b"{"):
            _read(response.status, data)
            raise ApiUnreachable("the answer is no recording")
        return data


async def _at_most(limit: int, response: aiohttp.ClientResponse) -> bytes:
    data = b""
    while chunk := await response.content.read(limit + 1 - len(data)):
        data += chunk
        if len(data) > limit:
            raise TooBig(size=len(data), limit=limit)
    return data


def _read(status: int, data: bytes) -> dict[str, Any]:
    """The JSON of an answer, whatever its type says. Raises `ApiError`."""
    if status != 200:
        raise ApiUnreachable(f"HTTP {status}")
    try:
        answer = msgspec.json.decode(_CONTROL.sub(b"", data), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ApiUnreachable("the answer is not JSON") from None
    code = answer.get("errcode", 0)
    if code != 0:
        raise ApiRefused(code if isinstance(code, int) else -1, str(answer.get("errmsg", "")))
    return answer
