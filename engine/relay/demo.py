"""A relay and a provider side by side with demo data, to try everything without a real account."""

from __future__ import annotations

import asyncio
import os
import secrets
import string
import sys
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import yaml

from engine import assets
from engine.relay import accounts
from engine.relay.errors import RelayError
from engine.relay.serve import DATABASE, free, on_signal, seed, serve
from engine.relay.web import Guest

HOST = "127.0.0.1"

#: Seconds that the provider may take to load its models on a busy machine.
_READY_WITHIN = 180.0
_ASK_EVERY = 0.1

_PROGRAM = ("-P", "-c", "from engine.cli import main; main()")

#: Who sits at the desk of the demo, with the password.
CLERK = ("小李", "banli-demo")

#: Of the relay's administrator in the demo.
PASSWORD = "banli-demo"  # noqa: S105

#: Seconds that the provider gets to finish its work in hand.
_GRACE = 15.0

_MENU: list[dict[str, Any]] = [
    {"name": "值机", "key": "/checkin"},
    {"name": "充话费", "key": "/topup"},
    {
        "name": "查询",
        "sub": [
            {"name": "航班动态", "key": "/query_flight"},
            {"name": "话费余额", "key": "/query_balance"},
            {"name": "帮助", "key": "/help"},
        ],
    },
]


@dataclass(frozen=True, slots=True)
class Demo:
    """Where a demo keeps its state and listens."""

    home: Path
    port: int = 8100
    provider_port: int = 8000

    @property
    def relay_url(self) -> str:
        """The address to open."""
        return f"http://{HOST}:{self.port}"

    @property
    def provider_url(self) -> str:
        """Where the provider listens."""
        return f"http://{HOST}:{self.provider_port}"

    @property
    def desk_url(self) -> str:
        """Where people answer customers."""
        return f"{self.provider_url}/desk"

    @property
    def log(self) -> Path:
        """What the provider wrote."""
        return self.home / "serve.log"


def guests(file: Path | None = None) -> tuple[Guest, ...]:
    """The terminals of the demo data, or of another file like it. Raises `RelayError`."""
    file = file or assets.data() / "demo" / "terminals.yaml"
    try:
        told = yaml.safe_load(file.read_text("utf-8"))
        return msgspec.convert(told["terminals"], tuple[Guest, ...])
    except (OSError, yaml.YAMLError, KeyError, TypeError, msgspec.ValidationError) as error:
        raise RelayError(f"{file}: no list of terminals: {error}") from error


def prepare(demo: Demo) -> None:
    """Write the account's two files: the provider's, and the platform's with its listing.

    Secrets are made at the first start and stay.
    """
    provider = demo.home / "accounts" / "demo.toml"
    keys = _kept(provider) | {"mode": "safe", "verified": True, "api_base": demo.relay_url}
    listing = {
        "url": f"{demo.provider_url}/wechat/demo",
        "title": "办理演示",
        "number": "banli",
        "menu": _MENU,
    }
    for file, tables in (
        (provider, [_table(keys)]),
        (demo.home / "platform" / "demo.toml", [_table(keys), "[relay]", _table(listing)]),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write("\n".join(tables))


async def run(demo: Demo, *, starting: Callable[[], None], told: Callable[[str], None]) -> None:
    """Run provider and relay until SIGINT or SIGTERM. Raises `RelayError`.

    `starting` is called when the ports are free, `told` with the address when both answer.
    """
    free(HOST, demo.port, option="--port")
    free(HOST, demo.provider_port, option="--provider-port")
    prepare(demo)
    welcome = guests()
    # From here on a signal must not end this process before the other one.
    asked, stopping = asyncio.Event(), asyncio.Event()
    on_signal(asked, stopping)
    starting()
    await _seat(demo)
    provider = await _start(demo)
    watch = asyncio.create_task(_watch(provider, stopping))
    try:
        if await _ready(demo, stopping):
            await seed(demo.home / DATABASE, welcome)
            await serve(
                accounts.load(demo.home / "platform"),
                home=demo.home,
                host=HOST,
                port=demo.port,
                guests=welcome,
                password=PASSWORD,
                told=told,
                stopping=stopping,
            )
        if not asked.is_set():
            raise RelayError(_last_words(demo))
    finally:
        watch.cancel()
        await _stop(provider)


def _environment(demo: Demo) -> dict[str, str]:
    # Nothing that is set for other installations may lead the demo to their data.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BANLI_")}
    return kept | {"BANLI_HOME": ".", "BANLI_PUBLIC_URL": demo.provider_url}


async def _seat(demo: Demo) -> None:
    """Give the clerk of the demo an account at the provider's desk. Raises `RelayError`."""
    name, password = CLERK
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *_PROGRAM,
        *("desk", "add", name),
        cwd=demo.home,
        env=_environment(demo),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate(f"{password}\n".encode())
    if process.returncode:
        raise RelayError(said.decode("utf-8", "replace").strip() or "the desk has no clerk")


async def _start(demo: Demo) -> asyncio.subprocess.Process:
    options = ("--accounts", "accounts", "--host", HOST, "--port", str(demo.provider_port))
    with demo.log.open("wb") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *_PROGRAM,
            "serve",
            *options,
            cwd=demo.home,
            env=_environment(demo),
            stdout=log,
            stderr=log,
        )


async def _ready(demo: Demo, stopping: asyncio.Event) -> bool:
    """Whether the provider answers, before all is over."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_READY_WITHIN), aiohttp.ClientSession() as session:
            while not stopping.is_set():
                with suppress(aiohttp.ClientError):
                    async with session.get(f"{demo.provider_url}/healthz") as response:
                        if response.status == 200:
                            return True
                await asyncio.sleep(_ASK_EVERY)
            return False
    raise RelayError(_last_words(demo))


async def _watch(provider: asyncio.subprocess.Process, stopping: asyncio.Event) -> None:
    """End everything when the provider ends on its own."""
    await provider.wait()
    stopping.set()


async def _stop(provider: asyncio.subprocess.Process) -> None:
    if provider.returncode is not None:
        return
    provider.terminate()
    try:
        await asyncio.wait_for(provider.wait(), _GRACE)
    except TimeoutError:
        provider.kill()
        await provider.wait()


def _last_words(demo: Demo) -> str:
    lines = demo.log.read_text("utf-8", "replace").split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "it said nothing")
    return f"the provider does not run: {last} (log: {demo.log})"


def _kept(file: Path) -> dict[str, Any]:
    """The account's own keys: those of an earlier start, or new ones."""
    names = ("id", "appid", "secret", "token", "aes_key")
    with suppress(OSError, ValueError, KeyError):
        kept = tomllib.loads(file.read_text("utf-8"))
        return {name: kept[name] for name in names}
    letters = string.ascii_letters + string.digits
    lengths = (12, 16, 32, 32, 43)
    made = ("".join(secrets.choice(letters) for _ in range(length)) for length in lengths)
    keys = dict(zip(names, made, strict=True))
    return keys | {"id": f"gh_{keys['id'].lower()}", "appid": f"wx{keys['appid'].lower()}"}


def _table(values: dict[str, Any]) -> str:
    return "".join(f"{name} = {_toml(value)}\n" for name, value in values.items())


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # A TOML string is a JSON string, and so are its booleans and integers.
    return msgspec.json.encode(value).decode()
