"""`/cgi-bin/token` and `/cgi-bin/stable_token`, and where the platform calls from."""

from __future__ import annotations

import msgspec
from aiohttp import web

from engine.relay.accounts import Registered
from engine.relay.api.calls import call, counted, decoded, refusal
from engine.relay.errors import ApiError
from engine.relay.platform import Platform
from engine.relay.web import PLATFORM

routes = web.RouteTableDef()


class TokenRequest(msgspec.Struct):
    """Who asks for a token."""

    grant_type: str
    appid: str
    secret: str
    force_refresh: bool = False


@routes.get("/cgi-bin/token")
async def token(request: web.Request) -> web.Response:
    """A new access token."""
    platform, query = request.app[PLATFORM], request.query
    grant_type, appid, secret = (query.get(key, "") for key in ("grant_type", "appid", "secret"))
    try:
        account = _authorised(platform, TokenRequest(grant_type, appid, secret))
        await counted(platform, account.name, "token")
    except ApiError as error:
        return refusal(error)
    return _token(*platform.tokens.fresh(account.name))


@routes.post("/cgi-bin/stable_token")
async def stable_token(request: web.Request) -> web.Response:
    """The access token that stays the same until shortly before its end."""
    platform = request.app[PLATFORM]
    try:
        asked = await decoded(request, TokenRequest)
        account = _authorised(platform, asked)
        kind = "force_refresh" if asked.force_refresh else "stable_token"
        await counted(platform, account.name, kind)
        return _token(*platform.tokens.stable(account.name, force=asked.force_refresh))
    except ApiError as error:
        return refusal(error)


@routes.get("/cgi-bin/getcallbackip")
@routes.get("/cgi-bin/get_api_domain_ip")
@call()
async def addresses(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Where the platform calls from, and where its API is: this machine."""
    return web.json_response({"ip_list": ["127.0.0.1"]})


def _authorised(platform: Platform, asked: TokenRequest) -> Registered:
    if asked.grant_type != "client_credential":
        raise ApiError(40002, "invalid grant_type")
    account = platform.by_appid(asked.appid)
    if account is None:
        raise ApiError(40013, "invalid appid")
    if account.account.secret != asked.secret:
        raise ApiError(40125, "invalid appsecret")
    return account


def _token(token: str, seconds: int) -> web.Response:
    return web.json_response({"access_token": token, "expires_in": seconds})
