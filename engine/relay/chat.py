"""What a signed-in page asks for: contacts, messages, pictures, and the live feed."""

from __future__ import annotations

import asyncio
import io
from dataclasses import asdict
from typing import Any

import msgspec
import segno
import structlog
from aiohttp import web

from engine.relay import contacts, menus, messages, reading, view
from engine.relay.errors import BadPicture, Refused
from engine.relay.live import CONTACTS, Feed
from engine.relay.messages import Message
from engine.relay.pictures import picture
from engine.relay.typing import Typing
from engine.relay.web import PLATFORM, account_named, body, is_own_page, number_in, signed_in

routes = web.RouteTableDef()

_log = structlog.get_logger("relay")

#: Messages of one page of a chat.
_PAGE = 50

#: Seconds between pings of a live feed; a page that is gone is noticed after half as long again.
_HEARTBEAT = 20.0


class Follow(msgspec.Struct):
    """Follow the account with this number."""

    number: str


class Unfollow(msgspec.Struct):
    """Stop following an account."""

    account: str


class Read(msgspec.Struct):
    """A chat has been read up to a message."""

    account: str
    message: int


@routes.get("/api/contacts")
async def list_contacts(request: web.Request) -> web.Response:
    """Accounts followed, each with its last message; accounts that could be; the revision of it."""
    terminal = await signed_in(request)
    platform = request.app[PLATFORM]
    async with platform.database.reading() as connection:
        # Before the messages: what changes in between is told by the feed once more.
        revision, _ = await messages.newest(connection)
        followed = []
        for contact in await contacts.of_terminal(connection, terminal.id):
            if account := platform.registered.get(contact.account):
                last = await messages.history(
                    connection, terminal=terminal.id, account=account.name, before=2**62, limit=1
                )
                menu = await menus.of_customer(connection, account, contact.openid)
                unread = await reading.unread(
                    connection, account=account.name, terminal=terminal.id
                )
                shown = {"last": view.message(last[0])} if last else {}
                told = view.account(account, menu.buttons) | {"unread": unread}
                followed.append(told | shown)
    names = {each["name"] for each in followed}
    others = [view.account(each) for each in platform.registered.values() if each.name not in names]
    return web.json_response({"contacts": followed, "others": others, "revision": revision})


@routes.post("/api/follow")
async def follow(request: web.Request) -> web.Response:
    """Follow an account by its number."""
    terminal = await signed_in(request)
    platform = request.app[PLATFORM]
    account = platform.number((await body(request, Follow)).number)
    await platform.follow(terminal, account)
    return web.json_response(view.account(account))


@routes.post("/api/unfollow")
async def unfollow(request: web.Request) -> web.Response:
    """Stop following an account."""
    terminal = await signed_in(request)
    account = account_named(request, (await body(request, Unfollow)).account)
    await request.app[PLATFORM].unfollow(terminal, account)
    return web.json_response({})


@routes.post("/api/read")
async def read(request: web.Request) -> web.Response:
    """Keep how far a chat has been read."""
    terminal = await signed_in(request)
    given = await body(request, Read)
    account = account_named(request, given.account)
    platform = request.app[PLATFORM]
    async with platform.database.writing() as connection:
        further = await reading.read(
            connection, account=account.name, terminal=terminal.id, message=given.message
        )
    if further:
        platform.live.tell(terminal.id, CONTACTS)
    return web.json_response({})


@routes.get("/api/history")
async def history(request: web.Request) -> web.Response:
    """The last messages of a chat, or those before an id; `more` says whether there are others."""
    terminal = await signed_in(request)
    account = account_named(request, request.query.get("account", ""))
    before = number_in(request.query.get("before", ""), otherwise=2**62)
    async with request.app[PLATFORM].database.reading() as connection:
        found = await messages.history(
            connection, terminal=terminal.id, account=account.name, before=before, limit=_PAGE + 1
        )
    shown = [view.message(each) for each in found[-_PAGE:]]
    return web.json_response({"messages": shown, "more": len(found) > _PAGE})


@routes.get("/picture/{message}/{index}")
async def show_picture(request: web.Request) -> web.Response:
    """A picture of one of the terminal's own messages."""
    terminal = await signed_in(request)
    platform = request.app[PLATFORM]
    async with platform.database.reading() as connection:
        message = await messages.find(connection, number_in(request.match_info["message"]))
    if message is None or message.terminal != terminal.id:
        raise Refused("没有这张图片", status=404)
    try:
        content_type, data = await picture(
            platform, message, number_in(request.match_info["index"])
        )
    except BadPicture as error:
        _log.warning("picture", account=message.account, message=message.id, problem=str(error))
        raise Refused("图片取不到", status=404) from error
    headers = {"Cache-Control": "private, max-age=86400, immutable"}
    return web.Response(body=data, content_type=content_type, headers=headers)


@routes.get("/qr/{number}.svg")
async def show_qr(request: web.Request) -> web.Response:
    """The QR code of an account: the address at which this page follows it."""
    account = request.app[PLATFORM].number(request.match_info["number"])
    address = request.url.origin() / "follow" / account.listing.number
    picture = io.BytesIO()
    segno.make(str(address), micro=False, error="m").save(
        picture, kind="svg", scale=8, border=2, dark="#111", light="#fff"
    )
    return web.Response(body=picture.getvalue(), content_type="image/svg+xml")


@routes.get("/live")
async def live(request: web.Request) -> web.StreamResponse:
    """A WebSocket of what changes after the revision `after`: first what was missed, then news."""
    terminal = await signed_in(request)
    if not is_own_page(request):
        raise Refused("请求来源不明", status=403)
    platform = request.app[PLATFORM]
    after = number_in(request.query.get("after", ""))
    socket = web.WebSocketResponse(heartbeat=_HEARTBEAT)
    await socket.prepare(request)
    # The feed is open before the look-up, so nothing falls between them; repeats are left out.
    with platform.live.feed(terminal.id) as feed:
        async with platform.database.reading() as connection:
            missed = await messages.changed(connection, terminal=terminal.id, after=after)
        for message in missed:
            await socket.send_json(_told(message))
            after = message.revision
        await socket.send_json({"type": "ready"})
        await _pass_on(socket, feed, after)
    return socket


async def _pass_on(socket: web.WebSocketResponse, feed: Feed, after: int) -> None:
    """Send news until the page or the feed ends."""
    closed = asyncio.create_task(_drain(socket))
    closed.add_done_callback(lambda _: feed.put_nowait(None))
    try:
        while (news := await feed.get()) is not None:
            if isinstance(news, Typing):
                await socket.send_json({"type": "typing"} | asdict(news))
            elif not isinstance(news, Message):
                await socket.send_json({"type": news})
            elif news.revision > after:
                after = news.revision
                await socket.send_json(_told(news))
    except ConnectionResetError:
        pass
    finally:
        closed.cancel()
        await socket.close()


async def _drain(socket: web.WebSocketResponse) -> None:
    async for _ in socket:
        pass


def _told(message: Message) -> dict[str, Any]:
    return {"type": "message", "message": view.message(message)}
