"""What a signed-in page sends and plays: voice messages."""

from __future__ import annotations

import structlog
from aiohttp import web

from engine.relay import messages, view
from engine.relay.errors import Refused
from engine.relay.voice.sending import sound_of, speak
from engine.relay.voice.studio import LIMITS
from engine.relay.voice.words import refusal
from engine.relay.web import PLATFORM, account_named, number_in, signed_in, uploaded
from engine.speech.errors import SpeechError

routes = web.RouteTableDef()

_log = structlog.get_logger("relay")

_SHORTEST_NONCE, _LONGEST_NONCE = 8, 64


@routes.post("/api/voice")
async def send(request: web.Request) -> web.Response:
    """Send a recording, the body, in any format; answers with the message as it is kept."""
    terminal = await signed_in(request)
    account = account_named(request, request.query.get("account", ""))
    nonce = request.query.get("nonce", "")
    if not _SHORTEST_NONCE <= len(nonce) <= _LONGEST_NONCE:
        raise Refused("请求格式不对")
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
    return _part(request, sound)


def _part(request: web.Request, sound: bytes) -> web.Response:
    """The range that is asked for: Safari plays from nobody who sends only the whole."""
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, max-age=86400, immutable"}
    try:
        wanted = request.http_range
    except ValueError:
        wanted = slice(len(sound), None)
    if wanted.start is None and wanted.stop is None:
        return web.Response(body=sound, content_type="audio/mpeg", headers=headers)
    start, stop, _ = wanted.indices(len(sound))
    if start >= stop:
        headers["Content-Range"] = f"bytes */{len(sound)}"
        return web.Response(status=416, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(sound)}"
    body = sound[start:stop]
    return web.Response(status=206, body=body, content_type="audio/mpeg", headers=headers)
