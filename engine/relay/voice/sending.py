"""A voice message from a page to its provider, and back to the page that plays it."""

from __future__ import annotations

from engine.relay import media
from engine.relay.accounts import Registered
from engine.relay.content import Content
from engine.relay.media import Medium
from engine.relay.messages import Message
from engine.relay.platform import Platform
from engine.relay.terminals import Terminal


async def speak(
    platform: Platform, terminal: Terminal, account: Registered, upload: bytes, *, nonce: str
) -> Message:
    """Keep what a terminal recorded and forward it; the same nonce again is the same message.

    Raises `Refused`, and the errors of `engine.speech.errors` for what cannot be heard.
    """
    await platform.following(terminal, account)
    if kept := await platform.sent(terminal, nonce):
        return kept
    made = await platform.studio.record(upload)

    def medium(content_type: str, data: bytes) -> Medium:
        return Medium(
            account=account.name,
            type="voice",
            content_type=content_type,
            data=data,
            at=platform.milliseconds,
        )

    narrow, wide = medium("audio/amr", made.narrow), medium("audio/mpeg", made.wide)
    content = Content("voice", media=narrow.id, media_16k=wide.id, seconds=made.seconds)
    return await platform.send(terminal, account, content, nonce=nonce, attached=(narrow, wide))


async def sound_of(platform: Platform, message: Message) -> bytes | None:
    """A voice message as MP3, also when providers cannot fetch it any more: terminals keep theirs.

    Raises the errors of `engine.speech.errors`.
    """
    content = message.content
    async with platform.database.reading() as connection:
        kept = await media.find(
            connection, content.media_16k or content.media, account=message.account, now=None
        )
    if kept is None or content.kind != "voice":
        return None
    if kept.content_type == "audio/mpeg":
        return kept.data
    return await platform.studio.playable(kept.data)
