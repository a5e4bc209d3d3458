"""The platform's API for providers: tokens, customer-service messages, media, users.

Answers are JSON with HTTP 200 also when they refuse, as on the platform. Return codes are those of
the platform's "global return codes" page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from aiohttp import web
from msgspec.structs import replace

from engine.relay import media, uploads
from engine.relay.accounts import Registered
from engine.relay.answer import Article, Content
from engine.relay.contacts import Contact
from engine.relay.errors import ApiError
from engine.relay.platform import Platform
from engine.relay.web import PLATFORM

routes = web.RouteTableDef()

_Body = TypeVar("_Body", bound=msgspec.Struct)
_Call = Callable[[web.Request, Platform, Registered], Awaitable[web.Response]]


class _Text(msgspec.Struct):
    content: str


class _Media(msgspec.Struct):
    media_id: str


class _Article(msgspec.Struct):
    title: str = ""
    description: str = ""
    url: str = ""
    picurl: str = ""


class _News(msgspec.Struct):
    articles: list[_Article]


class _Entry(msgspec.Struct):
    id: str
    content: str


class _Menu(msgspec.Struct):
    entries: list[_Entry] = msgspec.field(name="list")
    head_content: str = ""
    tail_content: str = ""


class _Message(msgspec.Struct):
    """A customer-service message."""

    touser: str
    msgtype: str
    text: _Text | None = None
    image: _Media | None = None
    voice: _Media | None = None
    news: _News | None = None
    msgmenu: _Menu | None = None


class _TokenRequest(msgspec.Struct):
    grant_type: str
    appid: str
    secret: str
    force_refresh: bool = False


def call(handler: _Call) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler that needs an access token, and whose refusals are answered with their code."""

    async def checked(request: web.Request) -> web.Response:
        platform = request.app[PLATFORM]
        name = platform.tokens.account(request.query.get("access_token", ""))
        if name is None:
            return _refusal(ApiError(40001, "invalid credential, access_token is invalid"))
        try:
            return await handler(request, platform, platform.registered[name])
        except ApiError as error:
            return _refusal(error)

    return checked


@routes.get("/cgi-bin/token")
async def token(request: web.Request) -> web.Response:
    """A new access token."""
    query = request.query
    grant_type, appid, secret = (query.get(key, "") for key in ("grant_type", "appid", "secret"))
    asked = _TokenRequest(grant_type, appid, secret)
    try:
        account = _authorised(request, asked)
    except ApiError as error:
        return _refusal(error)
    return _token(*request.app[PLATFORM].tokens.fresh(account.name))


@routes.post("/cgi-bin/stable_token")
async def stable_token(request: web.Request) -> web.Response:
    """The access token that stays the same until shortly before its end."""
    try:
        asked = _decoded(await request.read(), _TokenRequest)
        account = _authorised(request, asked)
    except ApiError as error:
        return _refusal(error)
    tokens = request.app[PLATFORM].tokens
    return _token(*tokens.stable(account.name, force=asked.force_refresh))


@routes.post("/cgi-bin/message/custom/send")
@call
async def send(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Show a message to a follower."""
    if not account.account.verified:
        raise ApiError(48001, "api unauthorized")
    message = _decoded(await request.read(), _Message)
    contact = await _follower(platform, account, message.touser)
    content = _content(message)
    if content.media:
        content = await _with_medium(platform, account, content)
    await platform.show(contact, content)
    return _ok()


@routes.post("/cgi-bin/media/upload")
@call
async def upload(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Keep a picture or a voice for answers."""
    kind = request.query.get("type", "")
    if kind not in {"image", "voice"}:
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
    told = {"type": kept.type, "media_id": kept.id, "created_at": kept.at // 1000}
    return web.json_response(told)


@routes.get("/cgi-bin/media/get")
@call
async def download(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """The bytes of a medium."""
    kept = await _medium(platform, account, request.query.get("media_id", ""))
    headers = {"Content-Disposition": f'attachment; filename="{kept.name}"'}
    return web.Response(body=kept.data, content_type=kept.content_type, headers=headers)


@routes.get("/cgi-bin/user/info")
@call
async def user_info(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """What the platform tells of a user: whether and since when they follow."""
    openid = request.query.get("openid", "")
    contact = await platform.contact(account, openid=openid)
    if contact is None:
        raise ApiError(40003, "invalid openid")
    if not contact.followed:
        return web.json_response({"subscribe": 0, "openid": openid})
    told = {"subscribe": 1, "openid": openid, "language": "zh_CN"}
    return web.json_response(told | {"subscribe_time": contact.since // 1000})


def _content(message: _Message) -> Content:
    """A customer-service message as a chat shows it. Raises `ApiError`."""
    kind, text, news = message.msgtype, message.text, message.news
    if kind == "text" and text and text.content.strip():
        return Content("text", text=text.content)
    if kind == "image" and message.image:
        return Content("image", media=message.image.media_id)
    if kind == "voice" and message.voice:
        return Content("voice", media=message.voice.media_id)
    if kind == "news" and news and news.articles:
        if len(news.articles) > 1:
            raise ApiError(45008, "article size out of limit")
        return Content("news", articles=(_article(news.articles[0]),))
    if kind == "msgmenu" and (menu := message.msgmenu) and menu.entries:
        choices = tuple((entry.id, entry.content) for entry in menu.entries)
        return Content("menu", text=menu.head_content, tail=menu.tail_content, choices=choices)
    if kind in {"text", "image", "voice", "news", "msgmenu"}:
        raise ApiError(44004, "empty content")
    raise ApiError(40008, "invalid message type")


def _article(given: _Article) -> Article:
    return Article(given.title, given.description, given.picurl, given.url)


def _authorised(request: web.Request, asked: _TokenRequest) -> Registered:
    if asked.grant_type != "client_credential":
        raise ApiError(40002, "invalid grant_type")
    accounts = request.app[PLATFORM].registered.values()
    account = next((each for each in accounts if each.account.appid == asked.appid), None)
    if account is None:
        raise ApiError(40013, "invalid appid")
    if account.account.secret != asked.secret:
        raise ApiError(40125, "invalid appsecret")
    return account


async def _follower(platform: Platform, account: Registered, openid: str) -> Contact:
    contact = await platform.contact(account, openid=openid)
    if contact is None:
        raise ApiError(40003, "invalid openid")
    if not contact.followed:
        raise ApiError(43004, "require subscribe")
    return contact


async def _with_medium(platform: Platform, account: Registered, content: Content) -> Content:
    medium = await _medium(platform, account, content.media)
    if medium.type != content.kind:
        raise ApiError(40007, "invalid media_id")
    if content.kind == "voice":
        return replace(content, seconds=await platform.studio.seconds(medium.data))
    return content


async def _medium(platform: Platform, account: Registered, id: str) -> media.Medium:
    async with platform.database.reading() as connection:
        kept = await media.find(connection, id, account=account.name, now=platform.milliseconds)
    if kept is None:
        raise ApiError(40007, "invalid media_id")
    return kept


def _decoded(data: bytes, kind: type[_Body]) -> _Body:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ApiError(47001, "data format error") from None


def _token(token: str, seconds: int) -> web.Response:
    return web.json_response({"access_token": token, "expires_in": seconds})


def _ok() -> web.Response:
    return web.json_response({"errcode": 0, "errmsg": "ok"})


def _refusal(error: ApiError) -> web.Response:
    told: dict[str, Any] = {"errcode": error.code, "errmsg": error.message}
    return web.json_response(told)
