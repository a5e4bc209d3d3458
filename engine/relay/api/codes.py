"""`/cgi-bin/qrcode/create` and the picture of what it makes."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from engine.relay import qrcodes
from engine.relay.accounts import Registered
from engine.relay.api.calls import call, decoded
from engine.relay.platform import Platform
from engine.relay.web import PLATFORM

routes = web.RouteTableDef()


class Scene(msgspec.Struct):
    """What the code stands for."""

    scene_id: int | None = None
    scene_str: str | None = None


class Info(msgspec.Struct):
    """What surrounds the scene."""

    scene: Scene


class Wanted(msgspec.Struct):
    """A code to make."""

    action_name: str
    action_info: Info
    expire_seconds: int = qrcodes.USUAL


@routes.post("/cgi-bin/qrcode/create")
@call("qrcode")
async def create(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Make a code with a scene."""
    wanted = await decoded(request, Wanted)
    scene = wanted.action_info.scene
    async with platform.database.writing() as connection:
        made = await qrcodes.create(
            connection,
            account=account.name,
            kind=wanted.action_name,
            scene=scene.scene_str if scene.scene_id is None else scene.scene_id,
            seconds=wanted.expire_seconds,
            now=platform.milliseconds,
        )
    told: dict[str, Any] = {
        "ticket": made.ticket,
        "url": str(request.url.origin() / "q" / made.code),
    }
    if made.ends is not None:
        told |= {"expire_seconds": (made.ends - platform.milliseconds + 999) // 1000}
    return web.json_response(told)


@routes.get("/cgi-bin/showqrcode")
async def show(request: web.Request) -> web.Response:
    """The picture of a code; whoever has the ticket may see it."""
    async with request.app[PLATFORM].database.reading() as connection:
        code = await qrcodes.by_ticket(connection, request.query.get("ticket", ""))
    if code is None:
        raise web.HTTPNotFound
    picture = qrcodes.picture(str(request.url.origin() / "q" / code.code))
    return web.Response(body=picture, content_type="image/png")
