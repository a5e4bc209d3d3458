"""The pictures of a chat, fetched here and served from our own origin: pages load no others."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp

from engine.relay import media
from engine.relay.accounts import Registered
from engine.relay.errors import BadPicture
from engine.relay.markup import is_web
from engine.relay.media import LARGEST, Medium
from engine.relay.messages import Message
from engine.relay.platform import Platform

_TIMEOUT = aiohttp.ClientTimeout(total=10)


async def picture(platform: Platform, message: Message, index: int) -> tuple[str, bytes]:
    """Content type and bytes of a message's picture. Raises `BadPicture`."""
    account = platform.registered.get(message.account)
    if account is None:
        raise BadPicture("the account is not registered any more")
    if message.content.media:
        kept = await _kept(platform, message)
        return kept.content_type, kept.data
    articles = message.content.articles
    if index >= len(articles):
        raise BadPicture("there is no such picture")
    return await fetch(platform.session, articles[index].picture, account=account)


async def fetch(
    session: aiohttp.ClientSession, url: str, *, account: Registered
) -> tuple[str, bytes]:
    """A picture from one of the account's own hosts, and from nowhere else. Raises `BadPicture`."""
    if not is_web(url) or urlsplit(url).netloc not in account.hosts:
        raise BadPicture(f"{urlsplit(url).netloc or url!r} is no host of account {account.name}")
    try:
        async with session.get(url, allow_redirects=False, timeout=_TIMEOUT) as response:
            if response.status != 200:
                raise BadPicture(f"{url}: HTTP {response.status}")
            data = await _read(response)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise BadPicture(f"{url}: {error or 'no answer in time'}") from error
    if not (content_type := media.picture_type(data)):
        raise BadPicture(f"{url}: not a PNG, JPEG, GIF or WebP picture")
    return content_type, data


async def _read(response: aiohttp.ClientResponse) -> bytes:
    data = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        data += chunk
        if len(data) > LARGEST:
            raise BadPicture(f"{response.url}: over {LARGEST} bytes")
    return bytes(data)


async def _kept(platform: Platform, message: Message) -> Medium:
    async with platform.database.reading() as connection:
        kept = await media.find(
            connection,
            message.content.media,
            account=message.account,
            # Providers may not fetch it any more; terminals keep what they were shown.
            now=None,
        )
    if kept is None:
        raise BadPicture("there is no such medium")
    return kept
