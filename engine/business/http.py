"""Effects and queries of a company's system that speaks HTTP, declared as data, not written.

The call is a POST of the arguments as JSON, signed, for an effect with an idempotency key; the
answer is `{"ok": {…}}`, of a query `{"ok": [{…}, …]}`, or `{"refused": {"reason": "…", …}}`.
`docs/backends.md` shows both sides.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

from engine.business.provider import BusinessError, Refused, Row, Unavailable

#: Seconds before the second attempt; each later one waits twice as long as the one before.
BACKOFF = 0.2
#: The fact beside the arguments that says who asks.
CUSTOMER = "customer"
#: Hexadecimal digits of an alias: 128 bits.
_ALIAS = 32


class HttpCall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where and how an effect is done. `timeout` is seconds for each attempt, `secret` is a name.

    `customer` says how the system is told who asks, `told_as` does: not at all where it is empty.

    The attempts after the first are as many as `retries`, and only for a connection that failed,
    a timeout, or an answer of 429 or 5xx.
    """

    url: str
    secret: str
    timeout: float = 3.0
    retries: int = 2
    customer: Literal["", "alias", "openid"] = ""


class Answer(msgspec.Struct, frozen=True):
    """What came back over the wire."""

    status: int
    body: bytes


class Post(Protocol):
    """A transport. It raises OSError (TimeoutError among them) when no answer came in `seconds`."""

    async def __call__(
        self, url: str, *, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> Answer: ...


class NoSecret(BusinessError):
    """A call names a secret that is set nowhere."""


def secret_from_environment(name: str) -> str:
    """The secret `orders` is BANLI_SECRET_ORDERS, or in the file BANLI_SECRET_ORDERS_FILE names.

    Raises NoSecret.
    """
    variable = f"BANLI_SECRET_{name.upper().replace('-', '_')}"
    if value := os.environ.get(variable):
        return value
    if path := os.environ.get(f"{variable}_FILE"):
        return Path(path).read_text("utf-8").strip()
    raise NoSecret(f"secret {name!r}: set {variable} or {variable}_FILE")


def signature(secret: str, *, timestamp: str, key: str, body: bytes) -> str:
    """Hexadecimal HMAC-SHA256 over the timestamp, the key and the body, each on its own line."""
    message = f"{timestamp}\n{key}\n".encode() + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def told_as(
    call: HttpCall,
    *,
    account: str,
    openid: str,
    secrets: Callable[[str], str] = secret_from_environment,
) -> dict[str, str]:
    """What a system is told of who asks, beside the arguments; nothing where it is not to know.

    An alias is the same for all calls of one secret and customer, and tells nothing else: who does
    not have the secret makes no openid of it, nor compares it with that of another system.
    """
    if not call.customer:
        return {}
    if call.customer == "openid":
        return {CUSTOMER: openid}
    message = f"customer\n{account}\n{openid}".encode()
    alias = hmac.new(secrets(call.secret).encode(), message, hashlib.sha256).hexdigest()
    return {CUSTOMER: alias[:_ALIAS]}


async def call(
    call: HttpCall,
    arguments: Mapping[str, Any],
    *,
    key: str,
    post: Post,
    secrets: Callable[[str], str] = secret_from_environment,
    clock: Callable[[], float] = time.time,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Row:
    """Do an effect over HTTP; every attempt carries the same `key`, so that it is done once.

    Raises Refused when the backend says no, Unavailable when it gave no usable answer, NoSecret.
    """
    match await _answered(call, arguments, key, post, secrets, clock, pause):
        case dict(row):
            return row
    raise Unavailable(f"{call.url}: the answer is no object")


async def ask(
    call: HttpCall,
    arguments: Mapping[str, Any],
    *,
    post: Post,
    secrets: Callable[[str], str] = secret_from_environment,
    clock: Callable[[], float] = time.time,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> list[Row]:
    """The rows of a query over HTTP; it has no key, for it changes nothing. Raises as `call`."""
    rows = await _answered(call, arguments, "", post, secrets, clock, pause)
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    raise Unavailable(f"{call.url}: the answer is no list of objects")


async def _answered(
    call: HttpCall,
    arguments: Mapping[str, Any],
    key: str,
    post: Post,
    secrets: Callable[[str], str],
    clock: Callable[[], float],
    pause: Callable[[float], Awaitable[None]],
) -> Any:
    """What the system answers with ok. Raises as `call`."""
    secret, body = secrets(call.secret), msgspec.json.encode(dict(arguments), order="sorted")
    for attempt in range(call.retries + 1):
        if attempt:
            await pause(BACKOFF * 2 ** (attempt - 1))
        headers = _headers(secret, key=key, body=body, timestamp=str(int(clock())))
        try:
            answer = await post(call.url, body=body, headers=headers, seconds=call.timeout)
        except OSError as error:
            problem = f"no answer ({type(error).__name__})"
            continue
        if answer.status == 200:
            return _outcome(call, answer.body)
        problem = f"status {answer.status}"
        if answer.status != 429 and answer.status < 500:
            break
    raise Unavailable(f"{call.url}: {problem}")


def _headers(secret: str, *, key: str, body: bytes, timestamp: str) -> dict[str, str]:
    identity = {"Idempotency-Key": key} if key else {}
    return identity | {
        "Content-Type": "application/json",
        "Banli-Timestamp": timestamp,
        "Banli-Signature": signature(secret, timestamp=timestamp, key=key, body=body),
    }


def _outcome(call: HttpCall, body: bytes) -> Any:
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unavailable(f"{call.url}: the answer is no JSON") from error
    match answer:
        case {"ok": outcome, **rest} if not rest:
            return outcome
        case {"refused": {"reason": str(reason), **facts}, **rest} if not rest:
            raise Refused(reason, **{str(name): fact for name, fact in facts.items()})
    raise Unavailable(f"{call.url}: the answer is neither ok nor refused")
