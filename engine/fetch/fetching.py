"""A model by name: downloaded, held to what was published, unpacked, put in its place."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from engine.fetch import catalogue
from engine.fetch.archive import unpack
from engine.fetch.catalogue import Catalogue, Model
from engine.fetch.download import SILENCE_SECONDS, Download
from engine.fetch.errors import (
    AlreadyFetching,
    AlreadyThere,
    BadArchive,
    FetchError,
    NoChecksum,
    Refused,
    Unreachable,
    WrongChecksum,
    WrongSize,
)
from engine.fetch.shelf import Origin, is_model

#: Called with what is being done, the bytes done, and all bytes (0: not known).
Told = Callable[[str, int, int], None]

#: A list of models is some tens of kilobytes.
MOST_LIST = 4 << 20

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a model comes from and where it goes."""

    catalogue: Catalogue
    folder: Path


async def fetch(name: str, place: Place, *, told: Told, clock: Callable[[], datetime]) -> Path:
    """The folder with the model of that name, fetched into ``place.folder``.

    A download that broke off goes on where it ended. Raises `FetchError`; what was downloaded is
    kept after `Unreachable` only.
    """
    target = place.folder / name
    if name in place.catalogue.models and target.exists():
        raise AlreadyThere(target)
    async with aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=15, sock_read=SILENCE_SECONDS),
        # A sum is one of the bytes as they are on the site.
        headers={"Accept-Encoding": "identity"},
        auto_decompress=False,
        trust_env=True,
    ) as session:
        model = await checkable(name, place.catalogue, session)
        if target.exists():
            raise AlreadyThere(target)
        place.folder.mkdir(parents=True, exist_ok=True)
        part = place.folder / f".{name}.zip.part"
        with _alone(part):
            download = Download(
                session,
                f"{place.catalogue.site}/{name}.zip",
                part,
                most=model.size,
                progress=lambda done, whole: told("download", done, whole),
            )
            origin = Origin.of(name, model, place.catalogue, clock())
            await _brought(download, part, target, model, origin, told)
    return target


async def _brought(
    download: Download, part: Path, target: Path, model: Model, origin: Origin, told: Told
) -> None:
    """Put the model in its place; what was downloaded of it stays only if more can follow."""
    try:
        if download.length != model.size:
            await download.run()
        await asyncio.to_thread(_check, part, target.name, model, told)
        await asyncio.to_thread(_place, part, target, origin, told)
    except FetchError as error:
        if not isinstance(error, Unreachable):
            download.forget()
        raise
    download.forget()


async def checkable(name: str, known: Catalogue, session: aiohttp.ClientSession) -> Model:
    """The model of that name with its size and a sum, from the site's list if need be."""
    model = known.models.get(name)
    if model is None or not model.can_be_checked:
        listed = (await online(known, session)).get(name)
        if listed is None:
            raise known.unknown(name)
        model = listed
    if not model.can_be_checked:
        raise NoChecksum(name, "its size or sum is missing in the site's list")
    return model


async def online(known: Catalogue, session: aiohttp.ClientSession) -> dict[str, Model]:
    """What the site has now. Raises `FetchError`, and takes sums from nobody in between."""
    url = f"{known.site}/{known.list}"
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise NoChecksum(url, "sums that come over http may be anybody's")
    try:
        async with session.get(url) as answer:
            if answer.status != 200 or answer.url.scheme != parts.scheme:
                raise Refused(f"{url} answers {answer.status} {answer.reason}")
            text = await answer.content.read(MOST_LIST)
            while len(text) < MOST_LIST and (more := await answer.content.read(MOST_LIST)):
                text += more
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unreachable(parts.netloc, str(error) or "no answer") from error
    return catalogue.published(text, url)


@contextmanager
def _alone(part: Path) -> Iterator[None]:
    """Keep other processes from the same download; the lock goes with the process."""
    lock = part.with_name(f"{part.name}.lock")
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyFetching(part) from None
        try:
            yield
        finally:
            with suppress(OSError):
                lock.unlink()


def _check(part: Path, name: str, model: Model, told: Told) -> None:
    found = part.stat().st_size
    if found != model.size:
        raise WrongSize(name, published=model.size, found=found)
    kind, published = ("sha256", model.sha256) if model.sha256 else ("md5", model.md5)
    digest = hashlib.new(kind, usedforsecurity=False)
    with part.open("rb") as whole:
        while chunk := whole.read(1 << 20):
            digest.update(chunk)
            told("check", whole.tell(), found)
    if digest.hexdigest() != published:
        raise WrongChecksum(name, kind, published=published, found=digest.hexdigest())


def _place(part: Path, target: Path, origin: Origin, told: Told) -> None:
    """Unpack beside the target, then rename: a model is there whole or not at all."""
    unpacked = target.with_name(f".{target.name}.unpacked")
    shutil.rmtree(unpacked, ignore_errors=True)
    unpack(part, unpacked, root=target.name, told=lambda done, all: told("unpack", done, all))
    try:
        if not is_model(unpacked):
            raise BadArchive(target.name, "holds no model of Vosk")
        origin.write(unpacked)
        os.rename(unpacked, target)
    except OSError as error:
        # A file system says so in two ways when somebody else was faster.
        if target.exists():
            raise AlreadyThere(target) from error
        raise
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
