"""`/events/NAME`: where other systems of the company say what happened, such as a payment made.

A request is signed as the engine's own effects are (`docs/backends.md`), with the secret that is
called as the part of the business before the dot: `payments` for `payments.settle`. An event that a
script declares names its own, and is told to those who follow what it is about.
"""

from __future__ import annotations

import hmac
import inspect
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
import structlog
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from engine.business.http import NoSecret, signature
from engine.business.provider import Business, Refused, Row, Unavailable, Work
from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.parts import Notice
from engine.reporting import ReportError, declared, report
from engine.store import Store

log = structlog.get_logger(__name__)

#: Seconds by which the clock of the other side may be wrong, and a request be old.
SKEW = 300

events = Blueprint("events", url_prefix="/events")


class EventError(Exception):
    """Base of what is wrong with a request of another system.

    EventError
    ├── BadSignature   it is not signed, or too old, or its secret is set nowhere
    ├── UnknownEvent   the business knows no such event
    └── BadFacts       the body is no JSON object, or not of this event's facts
    """

    status = 400


class BadSignature(EventError):
    """It is not signed, or too old, or its secret is set nowhere."""

    status = 403


class UnknownEvent(EventError):
    """The business knows no such event."""

    status = 404


class BadFacts(EventError):
    """The body is no JSON object, or not of this event's facts."""


class Happenings:
    """Lets events of a business happen, each in one transaction with the notices it leaves."""

    def __init__(
        self,
        business: Business,
        store: Store,
        scripts: Callable[[], Mapping[str, Scripts]],
        *,
        secrets: Callable[[str], str],
        clock: Callable[[], datetime],
    ) -> None:
        self._business = business
        self._store = store
        self._scripts = scripts
        self._secrets = secrets
        self._clock = clock

    async def receive(self, name: str, headers: Mapping[str, str], body: bytes) -> Row:
        """What came of an event. Raises `EventError`, `Refused` and `Unavailable`."""
        notices = {} if name in self._business.events else declared(self._scripts(), name)
        if notices:
            return await self._report(name, notices, headers, body)
        self._demand_signature(name.partition(".")[0], headers, body)
        event = self._business.events.get(name)
        if event is None:
            raise UnknownEvent(f"there is no event {name}")
        facts = _facts(body)
        async with self._store.writing() as connection:
            work = Work(connection, self._clock(), "", "")
            try:
                inspect.signature(event).bind(work, **facts)
            except TypeError as error:
                raise BadFacts(f"{name}: {error}") from error
            result = await event(work, **facts)
        self._store.bell.ring()
        log.info("event", what=name)
        return result or {}

    async def _report(
        self, name: str, notices: Mapping[str, Notice], headers: Mapping[str, str], body: bytes
    ) -> Row:
        """Tell those who follow it, of the accounts whose scripts name the secret that signed it.

        Raises `EventError`.
        """
        meant = {
            account: notice
            for account, notice in notices.items()
            if notice.event and self._is_signed(notice.event.secret, headers, body)
        }
        if not meant:
            raise BadSignature("the signature is not right")
        self._demand_time(headers)
        facts, key = _facts(body), headers.get("idempotency-key", "")
        try:
            async with self._store.writing() as connection:
                count = await report(connection, meant, name, facts, key=key, now=self._clock())
        except ReportError as error:
            raise BadFacts(str(error)) from error
        self._store.bell.ring()
        log.info("event", what=name, followers=count)
        return {}

    def _demand_signature(self, secret: str, headers: Mapping[str, str], body: bytes) -> None:
        if not self._is_signed(secret, headers, body):
            raise BadSignature("the signature is not right")
        self._demand_time(headers)

    def _is_signed(self, name: str, headers: Mapping[str, str], body: bytes) -> bool:
        stamp, key = headers.get("banli-timestamp", ""), headers.get("idempotency-key", "")
        try:
            secret = self._secrets(name)
        except NoSecret as error:
            log.warning("event without a secret", why=str(error))
            return False
        expected = signature(secret, timestamp=stamp, key=key, body=body)
        given = headers.get("banli-signature", "")
        return hmac.compare_digest(expected.encode(), given.encode())

    def _demand_time(self, headers: Mapping[str, str]) -> None:
        stamp = headers.get("banli-timestamp", "")
        is_stamp = stamp.isascii() and stamp.isdigit() and len(stamp) < 16
        if not is_stamp or abs(self._clock().timestamp() - int(stamp)) > SKEW:
            raise BadSignature("the request is too old, or a clock is wrong")


def _facts(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadFacts("the body is not a JSON object") from error


@events.post("/<name:str>", name="event")
async def event(request: Request, name: str) -> HTTPResponse:
    """One event, perhaps told again."""
    happenings: Happenings = request.app.ctx.happenings
    headers = {key.lower(): value for key, value in request.headers.items()}
    try:
        return json({"ok": dict(await happenings.receive(name, headers, request.body))})
    except Refused as refused:
        return json({"refused": {"reason": refused.reason, **refused.facts}})
    except Unavailable:
        log.warning("event not taken", what=name)
        return json({}, status=503)


async def refuse(request: Request, error: EventError) -> HTTPResponse:
    """What is wrong with the request, in one line."""
    log.warning("event refused", path=request.path, status=error.status, reason=str(error))
    return json({"error": str(error)}, status=error.status)


events.exception(EventError)(refuse)
