"""Pictures and films that a signed-in page sends and sees."""

from __future__ import annotations

import hashlib
import io

from aiohttp import web
from PIL import Image, ImageDraw

from engine.relay import events, media, messages, view
from engine.relay.acts import menu_of
from engine.relay.content import Content
from engine.relay.errors import Refused
from engine.relay.media import LARGEST, Medium
from engine.relay.web import (
    PLATFORM,
    account_named,
    nonce_in,
    number_in,
    part_of,
    signed_in,
    uploaded,
)

routes = web.RouteTableDef()

#: Menu entries that ask for a picture.
_ASKING = ("pic_sysphoto", "pic_photo_or_album", "pic_weixin")


@routes.post("/api/picture")
async def picture(request: web.Request) -> web.Response:
    """Send a picture, the body; `type` and `target` are of the menu entry that asked for it."""
    terminal = await signed_in(request)
    account = account_named(request, request.query.get("account", ""))
    platform, nonce = request.app[PLATFORM], nonce_in(request)
    data = await uploaded(request, most=LARGEST)
    content_type = media.picture_type(data)
    if not content_type:
        raise Refused("请选一张 PNG、JPEG、GIF 或 WebP 图片", status=415)
    contact = await platform.following(terminal, account)
    kept = Medium(
        account=account.name,
        type="image",
        content_type=content_type,
        data=data,
        at=platform.milliseconds,
    )
    kind, target = request.query.get("type", ""), request.query.get("target", "")
    menu = await menu_of(platform, account, contact.openid)
    if kind in _ASKING and menu.button(kind, target):
        # An identity that the platform's documentation names, no protection.
        md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
        await platform.speaking.tell(contact, events.pictures(kind, target, md5=md5))
    address = str(request.url.origin() / "mmbiz" / kept.id)
    content = Content("image", media=kept.id, fields={"PicUrl": address})
    message = await platform.send(terminal, account, content, nonce=nonce, attached=[kept])
    return web.json_response(view.message(message))


@routes.post("/api/video")
async def video(request: web.Request) -> web.Response:
    """Send a film, the body."""
    terminal = await signed_in(request)
    account = account_named(request, request.query.get("account", ""))
    platform, nonce = request.app[PLATFORM], nonce_in(request)
    data = await uploaded(request, most=LARGEST)
    if not media.is_mp4(data):
        raise Refused("请选一段 MP4 视频", status=415)

    def medium(kind: str, content_type: str, data: bytes) -> Medium:
        return Medium(
            account=account.name,
            type=kind,
            content_type=content_type,
            data=data,
            at=platform.milliseconds,
        )

    film, thumb = medium("video", "video/mp4", data), medium("thumb", "image/jpeg", _thumbnail())
    content = Content("video", media=film.id, fields={"ThumbMediaId": thumb.id})
    message = await platform.send(terminal, account, content, nonce=nonce, attached=[film, thumb])
    return web.json_response(view.message(message))


@routes.get("/video/{message}")
async def play(request: web.Request) -> web.Response:
    """A film of one of the terminal's own messages."""
    terminal = await signed_in(request)
    platform = request.app[PLATFORM]
    async with platform.database.reading() as connection:
        message = await messages.find(connection, number_in(request.match_info["message"]))
        if message is None or message.terminal != terminal.id or message.content.kind != "video":
            raise Refused("没有这段视频", status=404)
        kept = await media.find(connection, message.content.media, now=None)
    if kept is None:
        raise Refused("没有这段视频", status=404)
    return part_of(request, kept.data, content_type=kept.content_type)


def _thumbnail() -> bytes:
    """A triangle on black: films are not opened here, they are foreign bytes."""
    image = Image.new("RGB", (120, 160), "#16201c")
    ImageDraw.Draw(image).polygon([(46, 58), (46, 102), (82, 80)], fill="#ffffff")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()
