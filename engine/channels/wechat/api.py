"""Calls to the platform's API for one account, under its access token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import aiohttp

from engine.channels.wechat.codes import TOKEN_REFUSED
from engine.channels.wechat.door import Door
from engine.channels.wechat.errors import ApiRefused, ApiUnreachable
from engine.channels.wechat.tokens import Tokens
from engine.settings import Account
from engine.store import Store

_Answer = TypeVar("_Answer")


class Api:
    """One account's way to the platform. Every call raises `ApiError`."""

    def __init__(
        self,
        account: Account,
        client: aiohttp.ClientSession,
        store: Store,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._door = Door(account.api_base, client)
        self._tokens = Tokens(
            account, store, lambda path, content: self._door.post(path, {}, content), clock=clock
        )

    async def send(self, message: Mapping[str, Any]) -> None:
        """Send a customer-service message."""
        await self.call("/cgi-bin/message/custom/send", message)

    async def typing(self, openid: str) -> None:
        """Let the customer see that an answer is being written."""
        content = {"touser": openid, "command": "Typing"}
        await self.call("/cgi-bin/message/custom/typing", content)

    async def call(self, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Post ``content`` under the access token, again if that is refused."""
        return await self._admitted(lambda token: self._door.post(path, token, content))

    async def ask(self, path: str, **query: str) -> dict[str, Any]:
        """Ask under the access token, again if that is refused."""
        return await self._admitted(lambda token: self._door.get(path, {**token, **query}))

    async def upload(self, data: bytes, *, kind: str, filename: str, content_type: str) -> str:
        """Let the platform keep a file for three days; its media id.

        ``kind`` is ``image``, ``voice``, ``video`` or ``thumb``.
        """
        answer = await self._admitted(
            lambda token: self._door.upload(
                "/cgi-bin/media/upload",
                {**token, "type": kind},
                data,
                filename=filename,
                content_type=content_type,
            )
        )
        # Thumbnails have a name of their own for it.
        media_id = answer.get("media_id") or answer.get("thumb_media_id")
        if not isinstance(media_id, str):
            raise ApiUnreachable("the answer holds no media id")
        return media_id

    async def media(self, media_id: str) -> bytes:
        """What the platform keeps under an id. Raises `TooBig` too."""

        def ask(token: Mapping[str, str]) -> Awaitable[bytes]:
            return self._door.bytes("/cgi-bin/media/get", {**token, "media_id": media_id})

        try:
            return await self._admitted(ask)
        except ApiUnreachable:
            # The customer would have to say it all again.
            return await self._admitted(ask)

    async def _admitted(self, ask: Callable[[Mapping[str, str]], Awaitable[_Answer]]) -> _Answer:
        """The answer to a question under the access token, asked again if that is refused."""
        token = await self._tokens.token()
        try:
            return await ask({"access_token": token})
        except ApiRefused as error:
            if error.code not in TOKEN_REFUSED:
                raise
        return await ask({"access_token": await self._tokens.token(refused=token)})
