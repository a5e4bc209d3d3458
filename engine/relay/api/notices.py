"""`/cgi-bin/message/template/send`."""

from __future__ import annotations

import msgspec
from aiohttp import web

from engine.relay import templates
from engine.relay.accounts import Registered
from engine.relay.api.calls import call, decoded, follower, ok
from engine.relay.errors import ApiError
from engine.relay.markup import is_web
from engine.relay.platform import Platform

routes = web.RouteTableDef()


class Value(msgspec.Struct):
    """What stands in a place of the words."""

    value: str


class Notice(msgspec.Struct):
    """A template message."""

    touser: str
    template_id: str
    data: dict[str, Value]
    url: str = ""
    client_msg_id: str = ""


@routes.post("/cgi-bin/message/template/send")
@call("template")
async def send(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Show a notice to a follower, whenever they last wrote."""
    if not account.account.verified:
        raise ApiError(48001, "api unauthorized")
    given = await decoded(request, Notice)
    contact = await follower(platform, account, given.touser)
    values = {name: place.value for name, place in given.data.items()}
    url = given.url if is_web(given.url) else ""
    content = templates.fill(account, given.template_id, values, url=url)
    nonce = f"template {account.name} {given.client_msg_id}" if given.client_msg_id else ""
    return ok(msgid=await platform.speaking.notify(contact, content, nonce=nonce))
