"""What a signed-in page does in a chat: says something, taps, shows where it is."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from aiohttp import web

from engine.relay import events, menus, view
from engine.relay.accounts import Registered
from engine.relay.content import Content
from engine.relay.errors import Refused
from engine.relay.markup import is_web
from engine.relay.menus import Menu
from engine.relay.platform import Platform
from engine.relay.terminals import Terminal
from engine.relay.web import LONGEST_NONCE, PLATFORM, SHORTEST_NONCE, account_named, body, signed_in
from engine.relay.xml import Value

routes = web.RouteTableDef()

#: What XML 1.0 cannot carry.
_UNSENDABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Nonce = Annotated[str, msgspec.Meta(min_length=SHORTEST_NONCE, max_length=LONGEST_NONCE)]
_Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
_Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
_Words = Annotated[str, msgspec.Meta(max_length=512)]


class Send(msgspec.Struct):
    """Say something; `choice` is the id of the tapped choice whose label `text` is."""

    account: str
    nonce: Nonce
    text: Annotated[str, msgspec.Meta(max_length=4000)]
    choice: _Words = ""


class Tap(msgspec.Struct):
    """Tap the menu entry of this type with this target; `result` is what a scan has read."""

    account: str
    nonce: Nonce
    type: str
    target: str
    result: Annotated[str, msgspec.Meta(max_length=2048)] = ""


class Position(msgspec.Struct):
    """Where the customer is who looks at the chat; `precision` in metres."""

    account: str
    latitude: _Latitude
    longitude: _Longitude
    precision: Annotated[float, msgspec.Meta(ge=0)]


class Place(msgspec.Struct):
    """Send a place; `key` is that of the menu entry that asked for one."""

    account: str
    nonce: Nonce
    latitude: _Latitude
    longitude: _Longitude
    label: _Words
    scale: Annotated[int, msgspec.Meta(ge=1, le=20)] = 15
    key: str = ""


class Link(msgspec.Struct):
    """Send a web page."""

    account: str
    nonce: Nonce
    title: _Words
    url: Annotated[str, msgspec.Meta(max_length=2048)]
    description: _Words = ""


@routes.post("/api/send")
async def send(request: web.Request) -> web.Response:
    """Send a text or a tapped choice; answers with the message as it is kept."""
    terminal = await signed_in(request)
    given = await body(request, Send)
    text = sendable(given.text)
    if not text:
        raise Refused("请输入内容")
    content = Content("text", text=text, choice=sendable(given.choice))
    return await _sent(request, terminal, given.account, content, nonce=given.nonce)


@routes.post("/api/menu")
async def tap(request: web.Request) -> web.Response:
    """Tap a menu entry; answers with the event as it is kept, or with nothing to show."""
    terminal = await signed_in(request)
    given = await body(request, Tap)
    account = account_named(request, given.account)
    platform = request.app[PLATFORM]
    contact = await platform.following(terminal, account)
    menu = await menu_of(platform, account, contact.openid)
    button = menu.button(given.type, given.target)
    if button is None:
        raise Refused("菜单已经变了，请刷新页面", status=404)
    if button.type == "click":
        event = events.click(button.key, button.name)
    elif button.type in {"scancode_push", "scancode_waitmsg"}:
        result = sendable(given.result)
        event = events.scancode(button.type, button.key, button.name, result=result)
    elif button.type == "view":
        await platform.speaking.tell(contact, events.view(button.url, menu=menu.id))
        return web.json_response({})
    elif button.type == "miniprogram":
        await platform.speaking.tell(
            contact, events.view_miniprogram(button.pagepath, menu=menu.id)
        )
        return web.json_response({})
    else:
        raise Refused("这一项要在手机上打开")
    return await _sent(request, terminal, account.name, event, nonce=given.nonce)


@routes.post("/api/position")
async def position(request: web.Request) -> web.Response:
    """Tell an account that wants to know where the customer is."""
    terminal = await signed_in(request)
    given = await body(request, Position)
    account = account_named(request, given.account)
    if account.listing.reports == "never":
        raise Refused("这个公众号不要位置", status=409)
    contact = await request.app[PLATFORM].following(terminal, account)
    event = events.position(given.latitude, given.longitude, given.precision)
    await request.app[PLATFORM].speaking.tell(contact, event)
    return web.json_response({})


@routes.post("/api/place")
async def place(request: web.Request) -> web.Response:
    """Send a place, after the event of the menu entry that asked for it."""
    terminal = await signed_in(request)
    given = await body(request, Place)
    where = {"latitude": given.latitude, "longitude": given.longitude}
    label = sendable(given.label)
    if given.key:
        account = account_named(request, given.account)
        contact = await request.app[PLATFORM].following(terminal, account)
        event = events.location_select(given.key, **where, scale=given.scale, label=label)
        await request.app[PLATFORM].speaking.tell(contact, event)
    fields: dict[str, Value] = {
        "Location_X": given.latitude,
        "Location_Y": given.longitude,
        "Scale": given.scale,
        "Label": label,
    }
    content = Content("location", text=label, fields=fields)
    return await _sent(request, terminal, given.account, content, nonce=given.nonce)


@routes.post("/api/link")
async def link(request: web.Request) -> web.Response:
    """Send a web page as a card."""
    terminal = await signed_in(request)
    given = await body(request, Link)
    title, description, url = map(sendable, (given.title, given.description, given.url))
    if not title or not is_web(url):
        raise Refused("请输入标题和以 http 开头的网址")
    fields: dict[str, Value] = {"Title": title, "Description": description, "Url": url}
    content = Content("link", text=title, fields=fields)
    return await _sent(request, terminal, given.account, content, nonce=given.nonce)


def sendable(text: str) -> str:
    """A text without what XML cannot carry."""
    return _UNSENDABLE.sub("", text).strip()


async def menu_of(platform: Platform, account: Registered, openid: str) -> Menu:
    """The menu that a customer sees."""
    async with platform.database.reading() as connection:
        return await menus.of_customer(connection, account, openid)


async def _sent(
    request: web.Request, terminal: Terminal, account: str, content: Content, *, nonce: str
) -> web.Response:
    named = account_named(request, account)
    kept = await request.app[PLATFORM].send(terminal, named, content, nonce=nonce)
    return web.json_response(view.message(kept))
