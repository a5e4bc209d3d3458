"""Requests to the platform's API, and what its answers hold."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import aiohttp
import msgspec

from engine.channels.wechat.errors import ApiRefused, ApiUnreachable
from engine.speech.errors import TooBig

TIMEOUT = aiohttp.ClientTimeout(total=10)

#: A recording is a few kB, and a customer waits for what is in it.
MEDIA_TIMEOUT = aiohttp.ClientTimeout(total=4)

#: Bytes of a recording that are taken; the platform's own limit of a voice.
LARGEST = 2 * 1024 * 1024

# Some answers hold stray control characters, which JSON forbids.
_CONTROL = re.compile(rb"[\x00-\x1f]")

_JSON = {"Content-Type": "application/json; charset=utf-8"}

Query = Mapping[str, str]


class Door:
    """The API at an address. Every call raises `ApiRefused` or `ApiUnreachable`."""

    def __init__(self, base: str, client: aiohttp.ClientSession) -> None:
        self._base = base
        self._client = client

    async def post(self, path: str, query: Query, content: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to JSON."""
        # Escaped characters would give 40033.
        data = msgspec.json.encode(content)
        return await self._ask("POST", path, query, data=data, headers=_JSON)

    async def get(self, path: str, query: Query) -> dict[str, Any]:
        """The answer to a question."""
        return await self._ask("GET", path, query)

    async def upload(
        self, path: str, query: Query, data: bytes, *, filename: str, content_type: str
    ) -> dict[str, Any]:
        """The answer to a file, sent as the field ``media`` of a form."""
        form = aiohttp.FormData()
        # As a file: large bytes would be written in one go, and hold up everybody else.
        form.add_field("media", io.BytesIO(data), filename=filename, content_type=content_type)
        return await self._ask("POST", path, query, data=form)

    async def bytes(self, path: str, query: Query) -> bytes:
        """A recording, at most `LARGEST` bytes. Raises `TooBig` too."""
        try:
            async with self._client.get(
                f"{self._base}{path}", params=query, timeout=MEDIA_TIMEOUT, allow_redirects=False
            ) as response:
                data = await _at_most(LARGEST, response)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ApiUnreachable(type(error).__name__) from None
        # A refusal comes with HTTP 200 and any type, a video as the JSON of its address.
        if response.status != 200 or data.lstrip().startswith(b"{"):
            read(response.status, data)
            raise ApiUnreachable("the answer is no recording")
        return data

    async def _ask(self, method: str, path: str, query: Query, **options: Any) -> dict[str, Any]:
        try:
            async with self._client.request(
                method,
                f"{self._base}{path}",
                params=query,
                timeout=TIMEOUT,
                allow_redirects=False,
                **options,
            ) as response:
                return read(response.status, await response.read())
        except (aiohttp.ClientError, TimeoutError) as error:
            # The message of the cause may name the address, and with it the token.
            raise ApiUnreachable(type(error).__name__) from None


async def _at_most(limit: int, response: aiohttp.ClientResponse) -> bytes:
    data = b""
    while chunk := await response.content.read(limit + 1 - len(data)):
        data += chunk
        if len(data) > limit:
            raise TooBig(size=len(data), limit=limit)
    return data


def read(status: int, data: bytes) -> dict[str, Any]:
    """The JSON of an answer, whatever its type says. Raises `ApiRefused` or `ApiUnreachable`."""
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
