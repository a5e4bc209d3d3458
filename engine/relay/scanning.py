"""QR codes that a signed-in page has before its camera, or as a picture."""

from __future__ import annotations

import re

import msgspec
import numpy as np
import zxingcpp
from aiohttp import web

from engine.relay import events, qrcodes, view
from engine.relay.accounts import Registered
from engine.relay.errors import Refused
from engine.relay.platform import Platform
from engine.relay.qrcodes import QrCode
from engine.relay.terminals import Terminal
from engine.relay.web import PLATFORM, body, number_in, signed_in, uploaded

routes = web.RouteTableDef()

#: The longest side of a picture that is looked at, in pixels.
_WIDEST = 1600

_CODES = zxingcpp.barcode_formats_from_str("QRCode")

#: The addresses of our own codes, whichever name this relay is reached by.
_NUMBER = re.compile(r"https?://[^/]+/follow/([\w-]+)/?")
_SCENE = re.compile(r"https?://[^/]+/q/([\w-]+)/?")


class Scan(msgspec.Struct):
    """What a code says."""

    text: str


@routes.post("/api/decode")
async def decode(request: web.Request) -> web.Response:
    """What the QR code in a picture says, or nothing.

    The page opens the picture and sends its grey pixels, row by row, a byte each: no foreign
    file is opened here. Debian's Chromium, Firefox and Safari have no reader of their own.
    """
    await signed_in(request)
    width = number_in(request.query.get("width", ""))
    pixels = await uploaded(request, most=_WIDEST * _WIDEST)
    if not 0 < width <= _WIDEST or not pixels or len(pixels) % width:
        raise Refused("请求格式不对")
    grey = np.frombuffer(pixels, np.uint8).reshape(-1, width)
    found = zxingcpp.read_barcodes(grey, formats=_CODES)
    return web.json_response({"text": found[0].text if found else ""})


@routes.post("/api/scan")
async def scan(request: web.Request) -> web.Response:
    """Do what a code of ours says: follow its account, or tell the account of its scene."""
    terminal = await signed_in(request)
    text = (await body(request, Scan)).text.strip()
    platform = request.app[PLATFORM]
    if number := _NUMBER.fullmatch(text):
        account = platform.number(number[1])
        await platform.follow(terminal, account)
        return web.json_response(view.account(account))
    account, code = await _scene(platform, text)
    if not await platform.follow(terminal, account, code=code):
        await _again(platform, terminal, account, code)
    return web.json_response(view.account(account))


async def _again(platform: Platform, terminal: Terminal, account: Registered, code: QrCode) -> None:
    await platform.send(terminal, account, events.scan(code.scene, code.ticket), nonce="")


async def _scene(platform: Platform, text: str) -> tuple[Registered, QrCode]:
    found = _SCENE.fullmatch(text)
    if not found:
        raise Refused("这不是公众号的二维码", status=404)
    async with platform.database.reading() as connection:
        code = await qrcodes.by_code(connection, found[1], now=platform.milliseconds)
    account = platform.registered.get(code.account) if code else None
    if code is None or account is None:
        raise Refused("这个二维码已经失效", status=404)
    return account, code
