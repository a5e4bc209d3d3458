"""`/cgi-bin/media/…`: pictures, voices and films of answers, and what customers sent."""

from __future__ import annotations

from aiohttp import web

from engine.relay import media, uploads
from engine.relay.accounts import Registered
from engine.relay.api.calls import call, medium
from engine.relay.errors import ApiError
from engine.relay.platform import Platform
from engine.relay.web import PLATFORM, part_of

routes = web.RouteTableDef()


@routes.post("/cgi-bin/media/upload")
@call("media_upload")
async def upload(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Keep a file for answers."""
    kind = request.query.get("type", "")
    if kind not in uploads.KINDS:
        raise ApiError(40004, "invalid media type")
    if request.content_type != "multipart/form-data":
        raise ApiError(41005, "media data missing")
    field = (await request.post()).get("media")
    if not isinstance(field, web.FileField):
        raise ApiError(41005, "media data missing")
    data = field.file.read()
    kept = media.Medium(
        account=account.name,
        type=kind,
        content_type=await uploads.content_type(kind, data, studio=platform.studio),
        data=data,
        at=platform.milliseconds,
    )
    async with platform.database.writing() as connection:
        await media.put(connection, kept)
    id = "thumb_media_id" if kind == "thumb" else "media_id"
    return web.json_response({"type": kind, id: kept.id, "created_at": kept.at // 1000})


@routes.get("/cgi-bin/media/get")
@call("media_download")
async def download(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """The bytes of a medium; of a film, where they are."""
    kept = await medium(platform, account, request.query.get("media_id", ""))
    if kept.type == "video":
        address = request.url.origin() / "mmbiz" / kept.id
        return web.json_response({"video_url": str(address)})
    headers = {"Content-Disposition": f'attachment; filename="{kept.name}"'}
    return web.Response(body=kept.data, content_type=kept.content_type, headers=headers)


@routes.get("/mmbiz/{id}")
async def public(request: web.Request) -> web.Response:
    """A picture or film for whoever was told its address: `PicUrl`, `video_url`."""
    platform = request.app[PLATFORM]
    async with platform.database.reading() as connection:
        kept = await media.find(connection, request.match_info["id"], now=platform.milliseconds)
    if kept is None or kept.type not in {"image", "video"}:
        raise web.HTTPNotFound
    return part_of(request, kept.data, content_type=kept.content_type)
