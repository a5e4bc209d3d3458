"""`/cgi-bin/message/custom/…`: what an account says on its own."""

from __future__ import annotations

import msgspec
from aiohttp import web
from msgspec.structs import replace

from engine.relay.accounts import Registered
from engine.relay.api.calls import call, decoded, follower, medium, ok
from engine.relay.content import Article, Content
from engine.relay.errors import ApiError
from engine.relay.platform import Platform

routes = web.RouteTableDef()

#: Messages that are one medium.
_MEDIA = ("image", "voice", "video")

#: Bytes of a text. Undocumented; this is what others have seen.
_LONGEST_TEXT = 2048


class _Text(msgspec.Struct):
    content: str


class _Media(msgspec.Struct):
    media_id: str


class _Music(msgspec.Struct):
    musicurl: str
    title: str = ""
    description: str = ""


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
    video: _Media | None = None
    music: _Music | None = None
    news: _News | None = None
    msgmenu: _Menu | None = None


class _Typing(msgspec.Struct):
    touser: str
    command: str


@routes.post("/cgi-bin/message/custom/send")
@call("customer")
async def send(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Show a message to a follower."""
    if not account.account.verified:
        raise ApiError(48001, "api unauthorized")
    message = await decoded(request, _Message)
    contact = await follower(platform, account, message.touser)
    content = _content(message)
    if content.media:
        content = await _with_medium(platform, account, content)
    await platform.speaking.show(contact, content)
    return ok()


@routes.post("/cgi-bin/message/custom/typing")
@call("customer")
async def typing(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Show that the account is typing."""
    if not account.account.verified:
        raise ApiError(48001, "api unauthorized")
    given = await decoded(request, _Typing)
    await platform.speaking.type(await follower(platform, account, given.touser), given.command)
    return ok()


def _content(message: _Message) -> Content:
    """A customer-service message as a chat shows it. Raises `ApiError`."""
    kind, text, news = message.msgtype, message.text, message.news
    if kind == "text" and text and text.content.strip():
        if len(text.content.encode()) > _LONGEST_TEXT:
            raise ApiError(45002, "content size out of limit")
        return Content("text", text=text.content)
    if kind in _MEDIA and (given := getattr(message, kind)):
        return Content(kind, media=given.media_id)
    if kind == "music" and (song := message.music):
        return Content("news", articles=(Article(song.title, song.description, "", song.musicurl),))
    if kind == "news" and news and news.articles:
        if len(news.articles) > 1:
            raise ApiError(45008, "article size out of limit")
        return Content("news", articles=(_article(news.articles[0]),))
    if kind == "msgmenu" and (menu := message.msgmenu) and menu.entries:
        choices = tuple((entry.id, entry.content) for entry in menu.entries)
        return Content("menu", text=menu.head_content, tail=menu.tail_content, choices=choices)
    if kind in {"text", "news", "msgmenu", "music", *_MEDIA}:
        raise ApiError(44004, "empty content")
    raise ApiError(40008, "invalid message type")


def _article(given: _Article) -> Article:
    return Article(given.title, given.description, given.picurl, given.url)


async def _with_medium(platform: Platform, account: Registered, content: Content) -> Content:
    kept = await medium(platform, account, content.media)
    if kept.type != content.kind:
        raise ApiError(40007, "invalid media_id")
    if content.kind == "voice":
        return replace(content, seconds=await platform.studio.seconds(kept.data))
    return content
