"""Signing in and out of the terminal page."""

from __future__ import annotations

import asyncio
import re

import msgspec
from aiohttp import web

from engine.relay import terminals
from engine.relay.errors import Refused
from engine.relay.terminals import STAY_SECONDS, Terminal
from engine.relay.web import COOKIE, GUESTS, PLATFORM, body, who

routes = web.RouteTableDef()

_NAME = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,30}[^\s\x00-\x1f\x7f])?")
_SHORTEST, _LONGEST = 4, 200

#: Compared with when the name is unknown, so that names cannot be told apart by time.
_NOBODY = "scrypt$AAAAAAAAAAAAAAAAAAAAAA==$" + "A" * 86 + "=="


class Credentials(msgspec.Struct):
    """Who signs in or up."""

    name: str
    password: str


@routes.get("/api/welcome")
async def welcome(request: web.Request) -> web.Response:
    """Who is signed in, and who may sign in with one tap."""
    terminal = await who(request)
    guests = [{"name": guest.name, "password": guest.password} for guest in request.app[GUESTS]]
    return web.json_response({"name": terminal and terminal.name, "guests": guests})


@routes.post("/api/sign-in")
async def sign_in(request: web.Request) -> web.Response:
    """Sign in by name and password."""
    given = await body(request, Credentials)
    async with request.app[PLATFORM].database.reading() as connection:
        terminal = await terminals.find(connection, name=given.name.strip())
    kept = terminal.password if terminal else _NOBODY
    fits = await asyncio.to_thread(terminals.matches, given.password[:_LONGEST], kept)
    if terminal is None or not fits:
        raise Refused("名字或密码不对", status=401)
    return _welcomed(request, terminal)


@routes.post("/api/sign-up")
async def sign_up(request: web.Request) -> web.Response:
    """Make a new terminal and sign it in."""
    given = await body(request, Credentials)
    name = given.name.strip()
    if not _NAME.fullmatch(name):
        raise Refused("名字要有 1 到 32 个字")
    if not _SHORTEST <= len(given.password) <= _LONGEST:
        raise Refused(f"密码至少 {_SHORTEST} 位")
    password = await asyncio.to_thread(terminals.hashed, given.password)
    async with request.app[PLATFORM].database.writing() as connection:
        if not await terminals.create(connection, name=name, password=password):
            raise Refused("这个名字已经有人用了", status=409)
        terminal = await terminals.find(connection, name=name)
    if terminal is None:
        raise Refused("没有这个名字", status=409)
    return _welcomed(request, terminal)


@routes.post("/api/sign-out")
async def sign_out(request: web.Request) -> web.Response:
    """Forget who this browser is."""
    await body(request, msgspec.Struct)
    response = web.json_response({})
    response.del_cookie(COOKIE, httponly=True, samesite="Lax")
    return response


def _welcomed(request: web.Request, terminal: Terminal) -> web.Response:
    platform = request.app[PLATFORM]
    response = web.json_response({"name": terminal.name})
    response.set_cookie(
        COOKIE,
        platform.cookies.sign(terminal.id, now=platform.milliseconds // 1000),
        max_age=STAY_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.secure,
    )
    return response
