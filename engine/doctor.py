"""What is right and what is wrong with an installation, and what to do about it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from shutil import disk_usage
from urllib.parse import urlsplit

from sqlalchemy import select

from engine import assets
from engine.business.load import load as load_business
from engine.business.provider import BusinessError
from engine.channels.sms.account import load_sms_accounts
from engine.dialog.errors import ScriptError
from engine.finding import Finding
from engine.loaded import Served, business_of, load_scripts
from engine.nlu.errors import NluError
from engine.nlu.interpreter import Interpreter
from engine.settings import (
    Account,
    Settings,
    SettingsError,
    load_accounts,
    load_api_accounts,
)
from engine.speech.errors import SpeechError
from engine.store import Store, StoreError, clerks, schema
from engine.store.depths import depths
from engine.store.keys import Ring
from engine.store.store import found_at, sqlite_file
from engine.wiring import clock, ears_of

#: Bytes without which a database soon stops.
_LEAST_SPACE = 500_000_000
_PATIENCE = 3.0
_LATE = 300.0
_OTHERS = 0o077


async def examine(settings: Settings, *, reaches: bool = True) -> AsyncIterator[Finding]:
    """One finding after another. ``reaches``: the platform is called on; changes nothing."""
    accounts: Mapping[str, Account] = {}
    served: dict[str, Served] = {}
    try:
        accounts = load_accounts(settings.accounts)
        served = {**accounts, **load_api_accounts(settings.accounts)}
        served |= load_sms_accounts(settings.accounts)
        yield Finding("ok", f"accounts: {', '.join(served)}")
    except SettingsError as error:
        yield Finding("fail", str(error), "docs/wechat.md says what an account's file holds")
    for finding in (*_secrets(settings), *_scripts(settings, served), *_addresses(settings)):
        yield finding
    yield _keys(settings)
    yield await _ears(settings)
    async for finding in _database(settings):
        yield finding
    for base in dict.fromkeys(account.api_base for account in accounts.values()) if reaches else ():
        yield await _platform(base)


def _secrets(settings: Settings) -> Iterator[Finding]:
    for file in sorted(settings.accounts.glob("*.toml")):
        if file.stat().st_mode & _OTHERS:
            yield Finding("warn", f"{file} can be read by others", f"chmod 600 {file}")


def _keys(settings: Settings) -> Finding:
    """What seals the database, and whether who steals the one has the other."""
    try:
        if settings.store_keys:
            return Finding("ok", f"store keys: {', '.join(Ring.read(settings.store_keys).names)}")
        if not settings.key_file.exists():
            return Finding("ok", f"store keys: {settings.key_file} is made at the first start")
        names = Ring.read(settings.key_file.read_text(encoding="utf-8")).names
    except (StoreError, OSError, UnicodeDecodeError) as error:
        return Finding("fail", f"store keys: {error}", "docs/security.md, Keys")
    if settings.key_file.stat().st_mode & _OTHERS:
        what = f"{settings.key_file} can be read by others"
        return Finding("warn", what, f"chmod 600 {settings.key_file}")
    return Finding(
        "warn",
        f"store keys: {', '.join(names)} lie beside what they seal, in {settings.key_file}",
        "fine for a trial; else move them elsewhere and set BANLI_STORE_KEYS_FILE",
    )


def _ring(settings: Settings) -> Ring | None:
    """The ring as far as there is one: none is made here. Raises `StoreError`."""
    if settings.store_keys:
        return Ring.read(settings.store_keys)
    try:
        return Ring.read(settings.key_file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def _scripts(settings: Settings, accounts: Mapping[str, Served]) -> Iterator[Finding]:
    try:
        business = load_business(settings.business)
        own = {name: business_of(settings, account) for name, account in accounts.items()}
    except BusinessError as error:
        yield Finding("fail", f"business: {error}", "set BANLI_BUSINESS to module:attribute")
        return
    for each in dict.fromkeys([business, *own.values()]):
        yield Finding("ok", f"business: {each.name}")
    used = accounts.values()
    folders = {(account.scripts or settings.dialogs, own[account.name]): None for account in used}
    for folder, each in {(settings.dialogs, business): None, **folders}:
        try:
            scripts = load_scripts(folder, each)
            yield Finding("ok", f"scripts: {len(scripts.by_intent)} in {folder}")
        except (ScriptError, BusinessError) as error:
            yield Finding("fail", f"scripts: {error}", f"banli dialogs check {folder}")
    for model in dict.fromkeys([settings.model, *(a.model for a in used if a.model)]):
        try:
            Interpreter.load(model, lexicons=assets.data() / "lexicons")
            yield Finding("ok", f"model: {model}")
        except NluError as error:
            yield Finding("fail", f"model: {error}", f"banli train --out {model}")


def _addresses(settings: Settings) -> Iterator[Finding]:
    host = urlsplit(settings.public_url).hostname or ""
    is_here = host in {"localhost", "127.0.0.1", "::1"}
    if is_here:
        yield Finding(
            "warn",
            f"public_url is {settings.public_url}: no phone reaches pictures there",
            "set BANLI_PUBLIC_URL to the address of the proxy (docs/operations.md)",
        )
    elif settings.public_url.startswith("http:"):
        yield Finding("warn", "public_url is without TLS", "let the proxy speak https")
    try:
        with socket.create_server((settings.host, settings.port)):
            yield Finding("ok", f"port {settings.port} is free")
    except OSError as error:
        yield Finding(
            "warn",
            f"port {settings.port} cannot be had: {error.strerror}",
            "fine if the provider is running; else set BANLI_PORT",
        )


async def _ears(settings: Settings) -> Finding:
    try:
        async with AsyncExitStack() as stack:
            if await ears_of(settings, stack) is None:
                return Finding("warn", "voice messages are not heard", "set BANLI_SPEECH_MODEL")
    except SpeechError as error:
        return Finding("fail", f"voice: {error}", "banli models list")
    return Finding("ok", f"voice: {settings.speech_model}")


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        found = await found_at(settings.database)
        file = sqlite_file(settings.database)
    except StoreError as error:
        yield Finding("fail", f"database: {error}", "look at BANLI_DATABASE and its rights")
        return
    if file is not None:
        yield _space(file)
    if found is None:
        yield Finding("ok", "database: none yet, it is made at the first start")
    elif found > schema.HEAD:
        yield Finding("fail", f"database: of a newer version ({found})", "upgrade this program")
    elif found != schema.HEAD:
        yield Finding(
            "warn",
            f"database: at {found}, migrated to {schema.HEAD} at the next start",
            "banli backup FILE first",
        )
    else:
        async for finding in _contents(settings):
            yield finding


def _space(file: Path) -> Finding:
    folder = next(place for place in file.absolute().parents if place.exists())
    free = disk_usage(folder).free
    what = f"disk of the database: {free / 1e9:.1f} GB free"
    return Finding("ok", what) if free > _LEAST_SPACE else Finding("fail", what, "make room")


async def _contents(settings: Settings) -> AsyncIterator[Finding]:
    try:
        store = await Store.open(settings.database, ring=_ring(settings))
        async with store, store.reading() as connection:
            # What was sealed with another key is not read.
            await connection.scalar(select(schema.sessions.c.state).limit(1))
            found = await depths(connection, now=clock())
            people = await clerks.names(connection)
    except StoreError as error:
        yield Finding("fail", f"database: {error}", "docs/security.md, Keys")
        return
    yield Finding("ok", f"database: at {schema.HEAD}")
    if found.given_up:
        yield Finding(
            "warn",
            f"outbox: {found.given_up} replies could not be sent and are kept",
            "the logs say why; look at the table outbox, column error",
        )
    if found.overdue > _LATE:
        yield Finding("warn", f"outbox: {found.overdue:.0f} s behind", "is `banli serve` running?")
    if not people:
        yield Finding("warn", "desk: nobody can sign in", "banli desk add NAME")


async def _platform(base: str) -> Finding:
    address = urlsplit(base)
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        async with asyncio.timeout(_PATIENCE):
            _, writer = await asyncio.open_connection(address.hostname, port)
        writer.close()
    except OSError as error:
        why = "no answer" if isinstance(error, TimeoutError) else error.strerror or error
        return Finding(
            "fail",
            f"platform: {base} cannot be reached: {why}",
            "open the firewall for it; customers get late answers and pictures through it",
        )
    return Finding("ok", f"platform: {base}")
