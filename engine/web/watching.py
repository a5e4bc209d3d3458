"""For those who watch over a provider: does it live, can it work, and what are its figures."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

import structlog
from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound
from sanic.response import json, raw
from sqlalchemy.exc import SQLAlchemyError

from engine.store.depths import Depths, depths

watching = Blueprint("watching")

#: Seconds that the database may take before it counts as gone.
_PATIENCE = 2.0
#: Set by whatever passes requests on from outside.
_PASSED_ON = ("x-forwarded-for", "forwarded", "x-real-ip")
_FORMAT = "text/plain; version=0.0.4; charset=utf-8"

log = structlog.get_logger(__name__)


@watching.get("/healthz")
async def healthy(request: Request) -> HTTPResponse:
    """The process serves: its engine is built."""
    return json({"status": "ok"})


@watching.get("/readyz")
async def ready(request: Request) -> HTTPResponse:
    """It can take messages now: its database answers, and it is not about to end."""
    if request.app.ctx.leaving.is_set():
        return json({"status": "leaving"}, status=503)
    try:
        await _depths(request)
    except (TimeoutError, SQLAlchemyError, OSError):
        log.warning("the database does not answer", patience=_PATIENCE)
        return json({"status": "no database"}, status=503)
    return json({"status": "ok"})


@watching.get("/metrics")
async def metrics(request: Request) -> HTTPResponse:
    """The figures, for who asks directly: they are nothing for the world behind a proxy."""
    if any(header in request.headers for header in _PASSED_ON):
        raise NotFound
    meters = request.app.ctx.engine.meters
    try:
        found = asdict(await _depths(request))
    except (TimeoutError, SQLAlchemyError, OSError):
        log.warning("the database does not answer", patience=_PATIENCE)
    else:
        meters.waiting(outbox_age=found.pop("overdue"), depths=found)
    return raw(meters.exposition(), headers={"content-type": _FORMAT})


async def _depths(request: Request) -> Depths:
    async with asyncio.timeout(_PATIENCE), request.app.ctx.engine.store.reading() as connection:
        return await depths(connection, now=request.app.ctx.clock())
