"""`/wechat/NAME`: the address that an Official Account's developer settings point at."""

from __future__ import annotations

import structlog
from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound, SanicException
from sanic.response import text

from engine.channels.wechat.channel import Channel
from engine.channels.wechat.errors import BadSignature, WechatError
from engine.channels.wechat.passive import SUCCESS
from engine.channels.wechat.service import Wechat

#: What a message may come as; the platform says the first.
_XML = ("text/xml", "application/xml")

log = structlog.get_logger(__name__)

wechat = Blueprint("wechat", url_prefix="/wechat")


@wechat.get("/<name:str>", name="verify")
async def verify(request: Request, name: str) -> HTTPResponse:
    """The platform makes sure of the address before it saves it."""
    # As text: whoever asks chooses the words.
    return text(_channel(request, name).verify(_query(request)))


@wechat.post("/<name:str>", name="push")
async def push(request: Request, name: str) -> HTTPResponse:
    """One message or event of a customer."""
    _demand_xml(request)
    answer = await _channel(request, name).receive(_query(request), request.body)
    kind = "text/plain" if answer == SUCCESS else "text/xml"
    return text(answer, content_type=f"{kind}; charset=utf-8")


async def refuse(request: Request, error: WechatError) -> HTTPResponse:
    """Whatever is wrong with a request is the request's fault."""
    status = 403 if isinstance(error, BadSignature) else 400
    log.warning("request refused", path=request.path, status=status, reason=str(error))
    return text(f"{error}\n", status=status)


wechat.exception(WechatError)(refuse)


def _channel(request: Request, name: str) -> Channel:
    service: Wechat = request.app.ctx.wechat
    channel = service.channels.get(name)
    if channel is None:
        raise NotFound("no such account")
    return channel


def _demand_xml(request: Request) -> None:
    kind = str(request.headers.get("content-type", _XML[0]))
    if kind.partition(";")[0].strip().lower() not in _XML:
        raise SanicException("a message comes as text/xml", status_code=415)


def _query(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in request.args.items()}
