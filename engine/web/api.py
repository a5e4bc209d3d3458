"""`/v1/`: other programs write for their customers, in JSON."""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import SanicException
from sanic.response import json, raw

from engine.channels.api import messages
from engine.channels.api.channel import Programs
from engine.channels.api.errors import BadBody
from engine.channels.api.messages import Answer, Message
from engine.channels.api.openapi import PROBLEM, document
from engine.channels.errors import Failed, Problem

log = structlog.get_logger(__name__)

#: Seconds after which it is worth while to look for an answer again.
_AGAIN = "2"

api = Blueprint("api", url_prefix="/v1")


@api.post("/messages", name="send")
async def send(request: Request) -> HTTPResponse:
    """One message, perhaps sent again."""
    programs: Programs = request.app.ctx.programs
    account = programs.account_of(_authorization(request))
    return _show(await programs.receive(account, _message(request)))


@api.get("/messages/<id:str>", name="look", unquote=True)
async def look(request: Request, id: str) -> HTTPResponse:
    """The answer to a message, when there is one."""
    programs: Programs = request.app.ctx.programs
    return _show(await programs.look(programs.account_of(_authorization(request)), id))


@api.get("/openapi.json", name="openapi")
async def openapi(request: Request) -> HTTPResponse:
    """What this API is, for programs."""
    return json(document())


async def refuse(request: Request, error: Problem | SanicException) -> HTTPResponse:
    """What is wrong with the request, as RFC 9457 says it."""
    status = error.status if isinstance(error, Problem) else error.status_code
    title = error.title if isinstance(error, Problem) else "Refused"
    reason = str(error) if isinstance(error, SanicException) else title
    log.warning("request refused", path="/v1/messages", status=status, reason=reason[:200])
    told: dict[str, Any] = {"title": title, "status": status, "detail": str(error)}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    headers |= {"Retry-After": _AGAIN} if status in (429, 500) else {}
    return json(told, status=status, headers=headers, content_type=PROBLEM)


async def fail(request: Request, error: Exception) -> HTTPResponse:
    """What is wrong with this server: people of it read the log, and the program a problem."""
    log.error("request failed", path="/v1/messages", exc_info=error)
    return await refuse(request, Failed("this server could not do it; send it again"))


api.exception(Problem, SanicException)(refuse)
api.exception(Exception)(fail)


def _message(request: Request) -> Message:
    kind = str(request.headers.get("content-type", "")).partition(";")[0].strip().lower()
    if kind == "application/json":
        return messages.read(request.body)
    if kind != "multipart/form-data":
        raise SanicException(
            "a message comes as application/json or multipart/form-data", status_code=415
        )
    fields = {name: values[0] for name, values in (request.form or {}).items()}
    files = {name: files[0].body for name, files in (request.files or {}).items()}
    if files.keys() != {"voice"}:
        raise BadBody("a form has one file: voice")
    return messages.read_form(fields, files["voice"])


def _authorization(request: Request) -> str:
    return str(request.headers.get("authorization", ""))


def _show(answer: Answer) -> HTTPResponse:
    is_working = answer.status == "working"
    headers = {"Cache-Control": "no-store"}
    headers |= (
        {"Location": f"/v1/messages/{answer.id}", "Retry-After": _AGAIN} if is_working else {}
    )
    return raw(
        msgspec.json.encode(answer),
        status=202 if is_working else 200,
        headers=headers,
        content_type="application/json",
    )
