"""A site of models on a loopback socket: ranges, broken connections, archives good and bad."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from aiohttp import web

NAME = "vosk-model-small-cn-0.22"

#: What Vosk needs to find in a model, and something that takes a few reads.
FILES = {"am/final.mdl": b"model" * 50_000, "conf/model.conf": b"--beam=10\n", "README": b"me"}


def archive(
    files: dict[str, bytes] = FILES, *, root: str = NAME, links: dict[str, str] | None = None
) -> bytes:
    """A zip archive of files below a folder, stored, so that its length is easy to reckon with."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(f"{root}/{name}" if root else name, content)
        for name, target in (links or {}).items():
            entry = zipfile.ZipInfo(f"{root}/{name}")
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            zipped.writestr(entry, target)
    return made.getvalue()


def listed(name: str, content: bytes) -> dict[str, object]:
    """An entry of a site's list, as the real one writes it."""
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return {
        "lang": "cn",
        "lang_text": "Chinese",
        "md5": md5,
        "name": name,
        "obsolete": "false",
        "size": len(content),
        "size_text": "1.0MiB",
        "type": "small",
        "url": f"https://example.com/{name}.zip",
        "version": "0.22",
    }


@dataclass
class Site:
    """Serves archives by name.

    ``breaks`` are the lengths after which connections are cut, ``replaced`` the tag and the bytes
    of the model after the first of them.
    """

    archives: dict[str, bytes] = field(default_factory=lambda: {NAME: archive()})
    listing: list[dict[str, object]] | None = None
    tag: str = '"one"'
    breaks: list[int] = field(default_factory=list)
    replaced: tuple[str, bytes] | None = None
    status: int = 200
    asked: list[tuple[str, str]] = field(default_factory=list)

    def app(self) -> web.Application:
        """The site as an application."""
        app = web.Application()
        app.router.add_get("/models/model-list.json", self._list)
        app.router.add_get("/models/{name}.zip", self._archive)
        return app

    async def _list(self, request: web.Request) -> web.Response:
        rows = self.listing
        if rows is None:
            rows = [listed(name, content) for name, content in self.archives.items()]
        return web.Response(text=json.dumps(rows))

    async def _archive(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.asked.append((name, request.headers.get("Range", "")))
        if self.status != 200 or name not in self.archives:
            return web.Response(status=404 if self.status == 200 else self.status)
        return await self._send(request, self.archives[name])

    async def _send(self, request: web.Request, content: bytes) -> web.StreamResponse:
        start = self._start(request)
        headers = {"ETag": self.tag, "Content-Length": str(len(content) - start)}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        response = web.StreamResponse(status=206 if start else 200, headers=headers)
        await response.prepare(request)
        end = start + self.breaks.pop(0) if self.breaks else len(content)
        for piece in _pieces(content[start:end]):
            await response.write(piece)
        if end < len(content):
            # What was written has to be on its way before the connection is cut.
            await asyncio.sleep(0)
            assert request.transport is not None
            request.transport.close()
            if self.replaced:
                self.tag, self.archives[NAME] = self.replaced
        return response

    def _start(self, request: web.Request) -> int:
        wanted = request.headers.get("Range", "")
        if not wanted or request.headers.get("If-Range") != self.tag:
            return 0
        return int(wanted.removeprefix("bytes=").removesuffix("-"))


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), 4096):
        yield content[start : start + 4096]
