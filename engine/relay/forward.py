"""Requests from the platform to a provider: the verification, and a push with its three tries."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import aiohttp

from engine.relay.answer import Question, parse
from engine.relay.content import Content
from engine.relay.errors import BadAnswer, Unverified
from engine.relay.faults import Faults, Switchboard
from engine.relay.push import Push, Signer
from engine.relay.xml import Fields

#: The largest body that is read as an answer: far more than eight articles.
_LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a provider may take, and how often it is asked: one try each `seconds`."""

    seconds: float = 5.0
    tries: int = 3


@dataclass(frozen=True, slots=True)
class Try:
    """One request and what came of it.

    `problem` says why it failed; `again` whether the platform asks once more. `content` is what the
    customer sees, None when the provider said nothing.
    """

    number: int
    milliseconds: int
    request: str
    http_status: int | None
    answer: bytes
    problem: str = ""
    again: bool = False
    content: Content | None = None


@dataclass(frozen=True, slots=True)
class Forwarder:
    """Speaks to providers. `seconds` is the clock that signatures carry; faults befall pushes."""

    session: aiohttp.ClientSession
    seconds: Callable[[], int]
    patience: Patience = Patience()
    faults: Switchboard = field(default_factory=Switchboard)

    async def verify(self, signer: Signer) -> None:
        """Ask for the echo, as the platform does at the registration. Raises `Unverified`."""
        echo = str(secrets.randbelow(10**19))
        url = signer.registered.listing.url
        try:
            # Asked once, so never with less than the platform's own patience.
            status, body = await self._request(
                "GET", url, signer.query() | {"echostr": echo}, seconds=Patience().seconds
            )
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unverified(
                f"{signer.registered.name}: no answer from {url}: {_say(error)}"
            ) from error
        if status != 200 or body != echo.encode():
            raise Unverified(
                f"{signer.registered.name}: {url} did not echo the verification request"
                f" (HTTP {status}): check the token on both sides"
            )

    async def deliver(
        self, signer: Signer, question: Question, fields: Fields, *, made: int = 0
    ) -> AsyncIterator[Try]:
        """Post a message until it is answered or the tries are used up; every try is yielded.

        `made` tries are used up already.
        """
        for number in range(made + 1, self.patience.tries + 1):
            started = time.monotonic()
            done = await self._try(number, signer, question, fields)
            yield done
            if not done.again or number == self.patience.tries:
                return
            # The platform's tries begin one span apart, also when a connection is refused at once.
            await asyncio.sleep(max(0.0, started + self.patience.seconds - time.monotonic()))

    async def _try(self, number: int, signer: Signer, question: Question, fields: Fields) -> Try:
        faults = self.faults.of(question.registered.name)
        await asyncio.sleep(faults.before(number))
        push = signer.push(question.openid, fields)
        started = time.monotonic()

        def outcome(
            status: int | None = None,
            answer: bytes = b"",
            *,
            problem: str = "",
            again: bool = False,
            content: Content | None = None,
        ) -> Try:
            took = round((time.monotonic() - started) * 1000)
            return Try(number, took, push.body, status, answer, problem, again, content)

        url = question.registered.listing.url
        try:
            status, answer = await self._post(url, push, faults)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return outcome(problem=_say(error), again=True)
        if faults.befalls(faults.drop):
            return outcome(status, answer, problem="answer dropped (a fault switch)", again=True)
        if status != 200:
            return outcome(status, answer, problem=f"HTTP {status}", again=status >= 500)
        try:
            return outcome(status, answer, content=parse(answer, question))
        except BadAnswer as error:
            return outcome(status, answer, problem=str(error))

    async def _post(self, url: str, push: Push, faults: Faults) -> tuple[int, bytes]:
        request = self._request("POST", url, push.query, push.body)
        if not faults.befalls(faults.duplicate):
            return await request
        twin = self._request("POST", url, push.query, push.body)
        first, _ = await asyncio.gather(request, twin, return_exceptions=True)
        if isinstance(first, BaseException):
            raise first
        return first

    async def _request(
        self,
        method: str,
        url: str,
        query: dict[str, str],
        body: str = "",
        *,
        seconds: float | None = None,
    ) -> tuple[int, bytes]:
        async with self.session.request(
            method,
            url,
            params=query,
            data=body.encode() or None,
            headers={"Content-Type": "text/xml"} if body else {},
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=seconds or self.patience.seconds),
        ) as response:
            answer = await response.content.read(_LARGEST)
            while chunk := await response.content.read(_LARGEST):
                answer += chunk
                if len(answer) > _LARGEST:
                    raise aiohttp.ClientPayloadError(f"the answer is over {_LARGEST} bytes")
            return response.status, answer


def _say(error: BaseException) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else str(error) or repr(error)


def client() -> aiohttp.ClientSession:
    """A client that keeps nothing between accounts, and whose size limits are those of the wire."""
    return aiohttp.ClientSession(
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Accept-Encoding": "identity"},
    )
