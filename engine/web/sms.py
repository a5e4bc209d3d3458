"""`/sms/NAME`: a gateway brings the short messages of customers."""

from __future__ import annotations

import structlog
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, text

from engine.channels.errors import Problem
from engine.channels.sms.channel import Numbers

log = structlog.get_logger(__name__)

sms = Blueprint("sms", url_prefix="/sms")


@sms.post("/<name:str>", name="receive")
async def receive(request: Request, name: str) -> HTTPResponse:
    """One message, perhaps sent again."""
    numbers: Numbers = request.app.ctx.numbers
    await numbers.receive(name, request.headers, request.body)
    return empty()


async def refuse(request: Request, error: Problem) -> HTTPResponse:
    """What is wrong with the request, in one line."""
    log.warning("request refused", path="/sms", status=error.status, reason=type(error).__name__)
    headers = {"Retry-After": "2"} if error.status in (429, 500, 503) else {}
    return text(str(error), status=error.status, headers=headers)


sms.exception(Problem)(refuse)
