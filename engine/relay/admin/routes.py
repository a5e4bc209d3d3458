"""`/admin`: requests of the administrator's page."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import structlog
from aiohttp import web

from engine.relay import messages, quotas
from engine.relay.accounts import Registered
from engine.relay.admin import log
from engine.relay.admin.entry import STAYS, Entry
from engine.relay.errors import Refused
from engine.relay.faults import LONGEST_DELAY, Faults
from engine.relay.web import PAGE, PLATFORM, account_named, body, number_in

routes = web.RouteTableDef()

ENTRY: web.AppKey[Entry] = web.AppKey("entry", Entry)

COOKIE = "banli_admin"

_PATH = "/admin"

_log = structlog.get_logger("relay")

_Part = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Password(msgspec.Struct):
    """Signs the administrator in."""

    password: Annotated[str, msgspec.Meta(max_length=200)]


class Switches(msgspec.Struct):
    """The faults of an account."""

    account: str
    delay: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_DELAY)] = 0.0
    duplicate: _Part = 0.0
    reorder: _Part = 0.0
    drop: _Part = 0.0


class Limit(msgspec.Struct):
    """How often a day an account may make a kind of call."""

    account: str
    kind: str
    most: Annotated[int, msgspec.Meta(ge=0, le=10**9)]


class Reset(msgspec.Struct):
    """Begin an account's day anew."""

    account: str


@routes.get(_PATH)
async def page(request: web.Request) -> web.StreamResponse:
    """The page itself, which asks for the password; there is none without one."""
    if ENTRY not in request.app:
        raise web.HTTPNotFound
    return web.FileResponse(PAGE / "admin.html")


@routes.post(f"{_PATH}/api/sign-in")
async def sign_in(request: web.Request) -> web.Response:
    """Sign in by the password."""
    given = await body(request, Password)
    if ENTRY not in request.app:
        raise Refused("没有管理页面", status=404)
    try:
        cookie = request.app[ENTRY].enter(given.password)
    except Refused as error:
        _log.warning("administrator refused", remote=request.remote, status=error.status)
        raise
    response = web.json_response({})
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=STAYS,
        path=_PATH,
        httponly=True,
        samesite="Strict",
        secure=request.secure,
    )
    return response


@routes.post(f"{_PATH}/api/sign-out")
async def sign_out(request: web.Request) -> web.Response:
    """Forget that this browser is the administrator's."""
    await body(request, msgspec.Struct)
    response = web.json_response({})
    response.del_cookie(COOKIE, path=_PATH, httponly=True, samesite="Strict")
    return response


@routes.get(f"{_PATH}/api/accounts")
async def accounts(request: web.Request) -> web.Response:
    """Every account, without its secrets: how it is set up, its faults, its calls of today."""
    _check(request)
    platform = request.app[PLATFORM]
    shown = []
    async with platform.database.reading() as connection:
        followed = await log.followers(connection)
        for account in platform.registered.values():
            made = await quotas.of_today(
                connection, account=account.name, now=platform.milliseconds
            )
            calls = [
                {"kind": kind, "made": each[0], "most": each[1]} for kind, each in made.items()
            ]
            told = _account(account, platform.faults.of(account.name))
            shown.append(told | {"followers": followed.get(account.name, 0), "calls": calls})
    return web.json_response({"accounts": shown})


@routes.get(f"{_PATH}/api/log")
async def lines(request: web.Request) -> web.Response:
    """The last messages: of an `account`, only what `failed`, `before` an id."""
    _check(request)
    query = request.query
    async with request.app[PLATFORM].database.reading() as connection:
        found = await log.lines(
            connection,
            account=query.get("account", ""),
            failed=query.get("failed") == "1",
            before=number_in(query.get("before", ""), otherwise=2**62),
        )
    return web.json_response({"lines": found, "more": len(found) == log.PAGE})


@routes.get(f"{_PATH}/api/tries/{{message}}")
async def tries(request: web.Request) -> web.Response:
    """Every request that was made for a message, with its answer."""
    _check(request)
    platform = request.app[PLATFORM]
    id = number_in(request.match_info["message"])
    async with platform.database.reading() as connection:
        message = await messages.find(connection, id)
        made = await messages.tries_of(connection, id)
    account = platform.registered.get(message.account) if message else None
    return web.json_response({"tries": [log.opened(each, account) for each in made]})


@routes.post(f"{_PATH}/api/faults")
async def switch(request: web.Request) -> web.Response:
    """Switch the faults of an account, from the next request on."""
    _check(request)
    given = await body(request, Switches)
    account = account_named(request, given.account)
    faults = Faults(given.delay, given.duplicate, given.reorder, given.drop)
    request.app[PLATFORM].faults.set(account.name, faults)
    _log.info("faults", account=account.name, **faults.shown)
    return web.json_response({})


@routes.post(f"{_PATH}/api/limit")
async def limit(request: web.Request) -> web.Response:
    """Set a limit, which also holds after a restart."""
    _check(request)
    given = await body(request, Limit)
    account = account_named(request, given.account)
    if given.kind not in quotas.DAILY:
        raise Refused("没有这种调用", status=404)
    async with request.app[PLATFORM].database.writing() as connection:
        await quotas.limit(connection, account=account.name, kind=given.kind, most=given.most)
    return web.json_response({})


@routes.post(f"{_PATH}/api/reset")
async def reset(request: web.Request) -> web.Response:
    """Forget the calls that an account has made today."""
    _check(request)
    account = account_named(request, (await body(request, Reset)).account)
    platform = request.app[PLATFORM]
    async with platform.database.writing() as connection:
        await quotas.reset(connection, account=account.name, now=platform.milliseconds)
    return web.json_response({})


def _check(request: web.Request) -> None:
    """Let only the administrator in. Raises `Refused`."""
    entry = request.app.get(ENTRY)
    if entry is None or not entry.knows(request.cookies.get(COOKIE, "")):
        raise Refused("请先登录", status=401)


def _account(account: Registered, faults: Faults) -> dict[str, Any]:
    return {
        "name": account.name,
        "title": account.listing.title,
        "number": account.listing.number,
        "id": account.account.id,
        "appid": account.account.appid,
        "mode": account.account.mode,
        "verified": account.account.verified,
        "url": account.listing.url,
        "faults": faults.shown,
    }
