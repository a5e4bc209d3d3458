"""`/cgi-bin/clear_quota`."""

from __future__ import annotations

import msgspec
from aiohttp import web

from engine.relay import quotas
from engine.relay.accounts import Registered
from engine.relay.api.calls import call, decoded, ok, refusal
from engine.relay.errors import ApiError
from engine.relay.platform import Platform
from engine.relay.web import PLATFORM

routes = web.RouteTableDef()


class Whose(msgspec.Struct):
    """An account, with its secret where no token says whose call it is."""

    appid: str
    appsecret: str = ""


@routes.post("/cgi-bin/clear_quota")
@call()
async def clear(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Begin the day's counts anew."""
    if (await decoded(request, Whose)).appid != account.account.appid:
        raise ApiError(40013, "invalid appid")
    return await _cleared(platform, account)


@routes.post("/cgi-bin/clear_quota/v2")
async def clear_by_secret(request: web.Request) -> web.Response:
    """The same for who cannot get a token any more."""
    platform = request.app[PLATFORM]
    try:
        asked = await decoded(request, Whose)
        account = platform.by_appid(asked.appid)
        if account is None:
            raise ApiError(40013, "invalid appid")
        if account.account.secret != asked.appsecret:
            raise ApiError(40125, "invalid appsecret")
        return await _cleared(platform, account)
    except ApiError as error:
        return refusal(error)


async def _cleared(platform: Platform, account: Registered) -> web.Response:
    async with platform.database.writing() as connection:
        await quotas.clear(connection, account=account.name, now=platform.milliseconds)
    return ok()
