"""The relay's web app: what every request must carry and every response says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from engine.relay import terminals
from engine.relay.accounts import Registered
from engine.relay.errors import Refused
from engine.relay.platform import Platform
from engine.relay.terminals import Terminal

PLATFORM: web.AppKey[Platform] = web.AppKey("platform", Platform)

COOKIE = "banli_terminal"

#: A page of another site cannot send this header: browsers ask us first, and we never allow it.
HEADER = "X-Banli"

#: A terminal's request is some text; only recordings and the API take more.
_LARGEST_JSON = 64 * 1024

SHORTEST_NONCE, LONGEST_NONCE = 8, 64

PAGE = Path(__file__).parent / "page"

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self';"
    " connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_Body = TypeVar("_Body", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Guest:
    """A terminal that the sign-in screen offers to everybody, with its password: only in a demo."""

    name: str
    password: str
    openid: str = ""


GUESTS: web.AppKey[tuple[Guest, ...]] = web.AppKey("guests", tuple)


async def signed_in(request: web.Request) -> Terminal:
    """The terminal that sends a request. Raises `Refused`."""
    if terminal := await who(request):
        return terminal
    raise Refused("请先登录", status=401)


async def who(request: web.Request) -> Terminal | None:
    """The terminal whose cookie a request carries."""
    platform = request.app[PLATFORM]
    now = platform.milliseconds // 1000
    id = platform.cookies.read(request.cookies.get(COOKIE, ""), now=now)
    if id is None:
        return None
    async with platform.database.reading() as connection:
        return await terminals.find(connection, id=id)


async def body(request: web.Request, kind: type[_Body]) -> _Body:
    """The JSON of a page's request. Raises `Refused` for another site's, and for a wrong one."""
    _check_origin(request)
    if request.content_type != "application/json":
        raise Refused("请求来源不明", status=403)
    if (request.content_length or _LARGEST_JSON + 1) > _LARGEST_JSON:
        raise Refused("内容太长", status=413)
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused("请求格式不对") from None


async def uploaded(request: web.Request, *, most: int) -> bytes:
    """The file that a page sends as the body. Raises `Refused` like `body`."""
    _check_origin(request)
    if request.content_length is None or request.content_length > most:
        raise Refused("文件太大", status=413)
    return await request.read()


def account_named(request: web.Request, name: str) -> Registered:
    """The account that a page names. Raises `Refused`."""
    if account := request.app[PLATFORM].registered.get(name):
        return account
    raise Refused("没有这个公众号", status=404)


def number_in(text: str, *, otherwise: int = 0) -> int:
    """The number in a part of an address."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else otherwise


def nonce_in(request: web.Request) -> str:
    """What a page calls the message that it uploads. Raises `Refused`."""
    nonce = request.query.get("nonce", "")
    if not SHORTEST_NONCE <= len(nonce) <= LONGEST_NONCE:
        raise Refused("请求格式不对")
    return nonce


def part_of(request: web.Request, data: bytes, *, content_type: str) -> web.Response:
    """The range that is asked for: Safari plays from nobody who sends only the whole."""
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, max-age=86400, immutable"}
    try:
        wanted = request.http_range
    except ValueError:
        wanted = slice(len(data), None)
    if wanted.start is None and wanted.stop is None:
        return web.Response(body=data, content_type=content_type, headers=headers)
    start, stop, _ = wanted.indices(len(data))
    if start >= stop:
        headers["Content-Range"] = f"bytes */{len(data)}"
        return web.Response(status=416, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return web.Response(
        status=206, body=data[start:stop], content_type=content_type, headers=headers
    )


def is_own_page(request: web.Request) -> bool:
    """Whether a WebSocket is opened by our own page: browsers send cookies with everybody's."""
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put refusals into words."""
    try:
        return await handler(request)
    except Refused as error:
        return web.json_response({"error": str(error)}, status=error.status)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Tell browsers to load nothing foreign, and to guess nothing."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")


def _check_origin(request: web.Request) -> None:
    if HEADER not in request.headers:
        raise Refused("请求来源不明", status=403)
