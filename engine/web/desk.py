"""`/desk`: the page of the people who answer, and what it asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound
from sanic.response import file as file_response
from sanic.response import json as json_response

from engine.desk.desk import Customer, Desk
from engine.desk.errors import BadPhrase, DeskError, Locked, NotSignedIn, NotWaiting, NotYours
from engine.desk.learning import Learning
from engine.desk.signin import STAYS, SignIn

PAGE = Path(__file__).parent / "desk_page"
COOKIE = "banli_desk"

#: A page of another site cannot send this header: browsers ask us first, and we never allow it.
HEADER = "X-Banli"

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_STATUS = {NotSignedIn: 401, Locked: 429, NotWaiting: 404, NotYours: 409, BadPhrase: 400}

#: Seconds of one live connection; the page opens the next. The server ends longer ones itself.
LIVE = 20.0
#: Seconds between two looks for news: other processes may have them.
LOOK = 1.0

desk = Blueprint("desk", url_prefix="/desk")
_Body = TypeVar("_Body", bound=msgspec.Struct)


class Credentials(msgspec.Struct):
    """Who signs in."""

    name: str
    password: str


class Chosen(msgspec.Struct):
    """A customer."""

    account: str
    openid: str


class Said(msgspec.Struct):
    """Words for a customer."""

    account: str
    openid: str
    text: str


class Meant(msgspec.Struct):
    """What doubtful words mean: an intent, `out_of_scope`, or nothing worth learning."""

    account: str
    text: str
    intent: str


async def _rooms(request: Request) -> tuple[Desk, Learning, str]:
    """The desk, what is learned, and the clerk who asks. Raises `NotSignedIn`."""
    ctx: SimpleNamespace = request.app.ctx
    clerk = await ctx.sign_in.clerk(request.cookies.get(COOKIE, ""))
    return ctx.engine.desk, ctx.engine.learning, clerk


def _body(request: Request, kind: type[_Body]) -> _Body:
    if HEADER not in request.headers or not request.content_type.startswith("application/json"):
        raise NotSignedIn("请求来源不明")
    try:
        return msgspec.json.decode(request.body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadPhrase("请求的内容不对") from error


async def headers(request: Request, response: HTTPResponse) -> None:
    """Tell browsers to load nothing foreign, and to guess nothing."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


desk.middleware(headers, "response")


async def refuse(request: Request, error: DeskError) -> HTTPResponse:
    """A refusal in words for the clerk."""
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
    return json_response({"error": str(error)}, status=status)


desk.exception(DeskError)(refuse)


@desk.get("/", name="page")
async def page(request: Request) -> HTTPResponse:
    """The page; it shows nothing before somebody signs in."""
    return await file_response(PAGE / "index.html", mime_type="text/html; charset=utf-8")


@desk.get(r"/page/<name:(?P<name>[a-z]+\.(?:js|css|svg))>", name="part")
async def part(request: Request, name: str) -> HTTPResponse:
    """A part of the page."""
    path = PAGE / name
    if not path.is_file():
        raise NotFound("no such part")
    return await file_response(path, mime_type=f"{_TYPES[path.suffix]}; charset=utf-8")


@desk.get("/api/me", name="me")
async def me(request: Request) -> HTTPResponse:
    """Who is signed in; nobody: an empty name."""
    try:
        _, _, clerk = await _rooms(request)
    except NotSignedIn:
        clerk = ""
    return json_response({"name": clerk})


@desk.post("/api/sign-in", name="sign_in")
async def sign_in(request: Request) -> HTTPResponse:
    """Sign in by name and password."""
    given = _body(request, Credentials)
    signing: SignIn = request.app.ctx.sign_in
    cookie = await signing.enter(given.name.strip(), given.password)
    response = json_response({"name": given.name.strip()})
    response.add_cookie(
        COOKIE,
        cookie,
        path="/desk",
        max_age=int(STAYS.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=request.app.ctx.is_secure,
    )
    return response


@desk.post("/api/sign-out", name="sign_out")
async def sign_out(request: Request) -> HTTPResponse:
    """Forget who this browser is."""
    _body(request, msgspec.Struct)
    response = json_response({})
    response.delete_cookie(COOKIE, path="/desk")
    return response


@desk.get("/api/queue", name="queue")
async def queue(request: Request) -> HTTPResponse:
    """Who waits, who is with whom; how many words wait for a meaning."""
    at, learning, _ = await _rooms(request)
    waiting = [_plain(asdict(each)) for each in await at.queue()]
    return json_response({"queue": waiting, "doubts": len(await learning.doubts())})


@desk.get("/api/conversation", name="conversation")
async def conversation(request: Request) -> HTTPResponse:
    """What was said with one customer of the queue, after the line with the id ``after``."""
    at, _, _ = await _rooms(request)
    customer = Customer(request.args.get("account", ""), request.args.get("openid", ""))
    after = request.args.get("after", "0")
    lines = await at.transcript(customer, after=int(after) if after.isdecimal() else 0)
    shown = [
        {"id": line.id, "author": line.author, "text": line.text, "at": line.at.isoformat()}
        for line in lines
    ]
    return json_response({"customer": _plain(asdict(await at.find(customer))), "lines": shown})


@desk.post("/api/take", name="take")
async def take(request: Request) -> HTTPResponse:
    """Take a customer who waits."""
    given = _body(request, Chosen)
    at, _, clerk = await _rooms(request)
    await at.take(Customer(given.account, given.openid), clerk=clerk)
    return json_response({})


@desk.post("/api/say", name="say")
async def say(request: Request) -> HTTPResponse:
    """Say something to a customer."""
    given = _body(request, Said)
    at, _, clerk = await _rooms(request)
    if given.text.strip():
        await at.say(Customer(given.account, given.openid), given.text, clerk=clerk)
    return json_response({})


@desk.post("/api/hand-back", name="hand_back")
async def hand_back(request: Request) -> HTTPResponse:
    """Let the dialog go on."""
    given = _body(request, Chosen)
    at, _, clerk = await _rooms(request)
    await at.hand_back(Customer(given.account, given.openid), clerk=clerk)
    return json_response({})


@desk.get("/api/doubts", name="doubts")
async def doubts(request: Request) -> HTTPResponse:
    """Words that wait for a meaning, and the meanings there are."""
    _, learning, _ = await _rooms(request)
    meanings = {
        account: [asdict(meaning) for meaning in known]
        for account, known in learning.meanings().items()
    }
    shown = [_plain(asdict(doubt)) for doubt in await learning.doubts()]
    return json_response({"doubts": shown, "meanings": meanings})


@desk.post("/api/meaning", name="meaning")
async def meaning(request: Request) -> HTTPResponse:
    """Say what words mean."""
    given = _body(request, Meant)
    _, learning, _ = await _rooms(request)
    await learning.settle(account=given.account, text=given.text, intent=given.intent)
    return json_response({})


@desk.get("/api/news", name="news")
async def news(request: Request) -> None:
    """A stream of events: one at once, and one whenever something at the desk has changed."""
    at, _, _ = await _rooms(request)
    response = await request.respond(content_type="text/event-stream", headers=_HEADERS)
    await response.send("retry: 500\n\n")
    await _tell(at, response.send, leaving=request.app.ctx.leaving)
    await response.eof()


async def _tell(at: Desk, send: Callable[[str], Awaitable[Any]], *, leaving: asyncio.Event) -> None:
    end, seen = asyncio.get_running_loop().time() + LIVE, ""
    while not leaving.is_set() and asyncio.get_running_loop().time() < end:
        if (revision := await at.revision()) != seen:
            seen = revision
            await send("data: news\n\n")
        try:
            await asyncio.wait_for(leaving.wait(), LOOK)
        except TimeoutError:
            continue


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in row.items()
    }
