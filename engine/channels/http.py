"""The HTTP client behind effects that are declared as data."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Self

import aiohttp

from engine.business.http import Answer

#: An answer is a few facts; more than this many bytes is no answer.
MOST = 1 << 20


class HttpPost:
    """Posts over one pool of connections; open it with `async with`, where an event loop runs."""

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def __call__(
        self, url: str, *, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> Answer:
        """One POST; redirects are not followed, for the signature is meant for this address.

        Raises OSError (TimeoutError among them) when no whole answer came.
        """
        limit = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.post(
                url, data=body, headers=headers, timeout=limit, allow_redirects=False
            ) as response:
                content = await response.content.read(MOST + 1)
                while len(content) <= MOST and (more := await response.content.read(MOST)):
                    content += more
        except aiohttp.ClientError as error:
            raise ConnectionError(str(error)) from error
        if len(content) > MOST:
            raise ConnectionError(f"more than {MOST} bytes")
        return Answer(status=response.status, body=content)
