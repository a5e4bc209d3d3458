"""What a signed-in page sends and plays: voice messages."""

from __future__ import annotations

import structlog
from aiohttp import web

from engine.relay import messages, view
from engine.relay.errors import Refused
from engine.relay.voice.sending import sound_of, speak
from engine.relay.voice.studio import LIMITS
from engine.relay.voice.words import refusal
from engine.relay.web import (
    PLATFORM,
    account_named,
    nonce_in,
    number_in,
    part_of,
    signed_in,
    uploaded,
)
from engine.speech.errors import SpeechError

routes = web.RouteTableDef()

_log = structlog.get_logger("relay")


@routes.post("/api/voice")
async def send(request: web.Request) -> web.Response:
    """Send a recording, the body, in any format; answers with the message as it is kept."""
    terminal = await signed_in(request)
    account = account_named(request, request.query.get("account", ""))
    nonce = nonce_in(request)
    upload = await uploaded(request, most=LIMITS.upload_bytes)
    try:
        kept = await speak(request.app[PLATFORM], terminal, account, upload, nonce=nonce)
    except SpeechError as error:
        _log.warning("voice", account=account.name, size=len(upload), problem=str(error))
        raise refusal(error) from error
    return web.json_response(view.message(kept))


@routes.get("/voice/{message}")
async def play(request: web.Request) -> web.Response:
    """The sound of one of the terminal's own messages."""
    terminal = await signed_in(request)
    platform = request.app[PLATFORM]
    async with platform.database.reading() as connection:
        message = await messages.find(connection, number_in(request.match_info["message"]))
    if message is None or message.terminal != terminal.id:
        raise Refused("没有这段语音", status=404)
    try:
        sound = await sound_of(platform, message)
    except SpeechError as error:
        raise refusal(error) from error
    if sound is None:
        raise Refused("没有这段语音", status=404)
    return part_of(request, sound, content_type="audio/mpeg")
