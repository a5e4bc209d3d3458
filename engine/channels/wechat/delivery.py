"""Delivers replies as customer-service messages, in the form that the account has a right to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import structlog

from engine.channels.wechat import customer
from engine.channels.wechat.codes import Handling, meaning
from engine.channels.wechat.compose import Composer
from engine.channels.wechat.errors import ApiError, ApiRefused
from engine.channels.wechat.messages import Image, Message, Text
from engine.channels.wechat.standing import Standing
from engine.channels.wechat.uploads import Uploads
from engine.channels.wechat.words import LIMIT, split
from engine.message import Reply

log = structlog.get_logger(__name__)

#: Bytes of a text when one within the documented limit was too long all the same.
SHORT = LIMIT // 2


class Sends(Protocol):
    """Customer-service messages of one account."""

    async def send(self, message: Mapping[str, Any]) -> None:
        """Send one. Raises `ApiError`."""


class Delivery:
    """One account's replies on their way out. Without ``uploads`` every picture is an article."""

    def __init__(
        self,
        api: Sends,
        composer: Composer,
        standing: Standing,
        uploads: Uploads | None = None,
    ) -> None:
        self._api = api
        self._composer = composer
        self._standing = standing
        self._uploads = uploads

    async def deliver(self, openid: str, piece: Reply) -> None:
        """Send one of `Composer.singles`. Raises `ApiError` when nothing of it has left."""
        message = await self._message(openid, piece)
        if type(message) in self._standing.plain:
            message = self._composer.words(piece)
        try:
            await self._send(openid, message)
        except ApiRefused as error:
            if not await self._otherwise(openid, piece, message, error):
                raise

    async def _message(self, openid: str, piece: Reply) -> Message:
        if self._uploads is None or not self._composer.is_image(piece) or not piece.picture:
            return self._composer.message(piece)
        try:
            return Image(await self._uploads.of(piece.picture, openid=openid))
        except ApiError as error:
            log.warning("picture not uploaded", account=self._standing.account, error=str(error))
            return self._composer.message(piece)

    async def _otherwise(
        self, openid: str, piece: Reply, message: Message, error: ApiRefused
    ) -> bool:
        """Whether what was refused could be said in another way."""
        handling = meaning(error.code).handling
        is_text = isinstance(message, Text)
        if handling is Handling.OFF:
            self._standing.refused(type(message), str(error))
        if handling is Handling.UPLOAD and self._uploads and piece.picture:
            media_id = await self._uploads.anew(piece.picture, openid=openid)
            await self._send(openid, Image(media_id))
            return True
        if handling is Handling.SHORTEN or (handling is Handling.OFF and not is_text):
            limit = SHORT if is_text else LIMIT
            for part in split(self._composer.words(piece).content, limit):
                await self._send(openid, Text(part))
            return True
        return False

    async def _send(self, openid: str, message: Message) -> None:
        await self._api.send(customer.body(message, openid=openid))
