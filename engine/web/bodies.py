"""Bodies of requests: whole within a moment and of a bearable size, or refused."""

from __future__ import annotations

import asyncio
from typing import cast

import structlog
from sanic import Request
from sanic.exceptions import PayloadTooLarge, RequestTimeout, SanicException
from sanic.http import Http

#: Bytes of a request's body. The platform's own are a few kB, three times that in compatible mode.
BODY = 64 * 1024

#: Bytes of bodies that may hold a recording of the largest size (2 MiB) as base64.
RECORDED = {"/v1/messages": 3 * 1024 * 1024}

#: Bytes of a body that are read and thrown away, so that its sender gets to read the refusal.
#: Closing the connection under a sender makes its system drop the answer.
DRAINED = 16 * 1024 * 1024

#: Seconds in which a body has to be here. It comes with its head, so this is a long time.
PATIENCE = 0.8

log = structlog.get_logger(__name__)


class BoundedRequest(Request):
    """A request whose body may be neither slow nor large."""

    async def receive_body(self) -> None:
        """Raises `PayloadTooLarge` (413) and `RequestTimeout` (408)."""
        if self.body:
            return
        stream = cast(Http, self.stream)
        try:
            async with asyncio.timeout(PATIENCE):
                self.body = await _read(stream, RECORDED.get(self.path, BODY))
        except TimeoutError:
            # Sanic would go on reading it after the answer.
            stream.request_body = None
            stream.keep_alive = False
            raise RequestTimeout("the body did not arrive in time") from None


def tell(request: Request, error: SanicException) -> None:
    """One line in the log for each request that is refused; Sanic makes the answer."""
    if error.status_code < 500:
        reason = str(error) or type(error).__name__
        log.warning(
            "request refused", path=request.path[:200], status=error.status_code, reason=reason
        )
        # Else it would log where that was raised, and the whole address with its signature.
        error.quiet = True


async def _read(stream: Http, most: int) -> bytes:
    body, size = bytearray(), 0
    async for data in stream:
        size += len(data)
        if size <= most:
            body += data
    if size > most:
        raise PayloadTooLarge(f"a body has at most {most} bytes")
    return bytes(body)
