"""One file over HTTP, going on where an earlier attempt ended (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import msgspec

from engine.fetch.errors import Refused, Unreachable

#: Called with the bytes that are there, and with those that there will be (0: not known).
Progress = Callable[[int, int], None]

#: A server that sends nothing for so long has gone away.
SILENCE_SECONDS = 30.0

#: A connection that breaks is opened again, if it brought something.
MOST_CONNECTIONS = 50

_CHUNK = 1 << 16
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class Mark(msgspec.Struct, frozen=True):
    """Which version of which file a part belongs to; ``validator`` is an ETag or a date."""

    url: str
    validator: str
    size: int


class Download:
    """A file that is being downloaded: ``part`` has its bytes so far, a mark lies beside it."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, part: Path, *, most: int, progress: Progress
    ) -> None:
        self._session = session
        self._url = url
        self._part = part
        self._mark_file = part.with_name(f"{part.name}.mark")
        self._most = most
        self._progress = progress

    @property
    def length(self) -> int:
        """How many bytes are here."""
        return self._part.stat().st_size if self._part.exists() else 0

    async def run(self) -> None:
        """Bring the part to its full length. Raises `Unreachable` and `Refused`."""
        for _ in range(MOST_CONNECTIONS):
            before = self.length
            try:
                async with self._session.get(self._url, headers=self._headers(before)) as answer:
                    return await self._take(answer, before)
            except (aiohttp.ClientError, TimeoutError) as error:
                failure = self._unreachable(error)
                if self.length <= before:
                    raise failure from error
        raise failure

    def forget(self) -> None:
        """Remove what has been downloaded, and the mark."""
        self._part.unlink(missing_ok=True)
        self._mark_file.unlink(missing_ok=True)

    def _headers(self, have: int) -> dict[str, str]:
        mark = self._mark()
        if not have or mark is None or mark.url != self._url or not mark.validator:
            return {}
        return {"Range": f"bytes={have}-", "If-Range": mark.validator}

    async def _take(self, answer: aiohttp.ClientResponse, have: int) -> None:
        self._check(answer)
        start, size = 0, answer.content_length or 0
        if answer.status == 206:
            start, size = self._resumed(answer, have)
        if size > self._most:
            raise Refused(f"{self._url} has {size} bytes, more than the {self._most} expected")
        self._mark_file.write_bytes(msgspec.json.encode(Mark(self._url, _validator(answer), size)))
        await self._write(answer, start, size)

    def _check(self, answer: aiohttp.ClientResponse) -> None:
        if self._url.startswith("https:") and answer.url.scheme != "https":
            raise Refused(f"{self._url} leads to {answer.url}, which is not encrypted")
        if answer.status not in (200, 206):
            if answer.status == 416:
                self.forget()
            raise Refused(f"{self._url} answers {answer.status} {answer.reason}")

    def _resumed(self, answer: aiohttp.ClientResponse, have: int) -> tuple[int, int]:
        found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        start, end, size = map(int, found.groups()) if found else (-1, -1, -1)
        if start != have or end != size - 1:
            self.forget()
            raise Refused(f"{self._url} answers with another part than was asked for; try again")
        return start, size

    async def _write(self, answer: aiohttp.ClientResponse, start: int, size: int) -> None:
        with self._part.open("r+b" if self._part.exists() else "wb") as out:
            out.truncate(start)
            out.seek(start)
            self._progress(start, size)
            while chunk := await answer.content.read(_CHUNK):
                out.write(chunk)
                if out.tell() > self._most:
                    raise Refused(f"{self._url} sends more than the {self._most} bytes expected")
                self._progress(out.tell(), size)

    def _unreachable(self, error: Exception) -> Unreachable:
        reason = str(error) or f"nothing came for {SILENCE_SECONDS:g} s"
        return Unreachable(urlsplit(self._url).netloc, reason, kept=self.length)

    def _mark(self) -> Mark | None:
        try:
            return msgspec.json.decode(self._mark_file.read_bytes(), type=Mark)
        except (OSError, msgspec.MsgspecError):
            return None


def _validator(answer: aiohttp.ClientResponse) -> str:
    """What If-Range may say: a weak ETag may stand for other bytes (RFC 9110, section 13.1.5)."""
    tag: str = answer.headers.get("ETag", "")
    if tag and not tag.startswith("W/"):
        return tag
    date: str = answer.headers.get("Last-Modified", "")
    return date
