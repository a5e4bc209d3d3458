"""What every call of the platform's API has in common: its token, its count, its answer.

Answers are JSON with HTTP 200 also when they refuse, as on the platform. Return codes are those of
the platform's "global return codes" page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from engine.relay import media, quotas
from engine.relay.accounts import Registered
from engine.relay.contacts import Contact
from engine.relay.errors import ApiError
from engine.relay.platform import Platform
from engine.relay.web import PLATFORM

_Body = TypeVar("_Body", bound=msgspec.Struct)
Handler = Callable[[web.Request], Awaitable[web.Response]]
Call = Callable[[web.Request, Platform, Registered], Awaitable[web.Response]]


def call(kind: str = "") -> Callable[[Call], Handler]:
    """A handler that needs an access token, and whose refusals are answered with their code.

    `kind` is what `quotas.DAILY` counts it as; without one it is not counted.
    """

    def decorated(handler: Call) -> Handler:
        async def checked(request: web.Request) -> web.Response:
            platform = request.app[PLATFORM]
            name = platform.tokens.account(request.query.get("access_token", ""))
            if name is None:
                return refusal(ApiError(40001, "invalid credential, access_token is invalid"))
            try:
                if kind:
                    await counted(platform, name, kind)
                return await handler(request, platform, platform.registered[name])
            except ApiError as error:
                return refusal(error)

        return checked

    return decorated


async def counted(platform: Platform, account: str, kind: str) -> None:
    """Count a call of an account. Raises `ApiError` when it was one too many."""
    async with platform.database.writing() as connection:
        await quotas.count(connection, account=account, kind=kind, now=platform.milliseconds)


async def decoded(request: web.Request, kind: type[_Body]) -> _Body:
    """The JSON of a call. Raises `ApiError`."""
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ApiError(47001, "data format error") from None


def ok(**told: Any) -> web.Response:
    """The answer of a call that did something."""
    return web.json_response({"errcode": 0, "errmsg": "ok"} | told)


def refusal(error: ApiError) -> web.Response:
    """The answer of a call that is refused."""
    return web.json_response({"errcode": error.code, "errmsg": error.message})


async def follower(platform: Platform, account: Registered, openid: str) -> Contact:
    """Who follows an account by this openid. Raises `ApiError`."""
    contact = await platform.contact(account, openid=openid)
    if contact is None:
        raise ApiError(40003, "invalid openid")
    if not contact.followed:
        raise ApiError(43004, "require subscribe")
    return contact


async def medium(platform: Platform, account: Registered, id: str) -> media.Medium:
    """An account's medium that has not ended. Raises `ApiError`."""
    async with platform.database.reading() as connection:
        kept = await media.find(connection, id, account=account.name, now=platform.milliseconds)
    if kept is None:
        raise ApiError(40007, "invalid media_id")
    return kept
