"""An engine with scripted turns, and a platform that talks to it."""

from __future__ import annotations

import asyncio
import hashlib
import io
import itertools
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from engine.acting import Backends
from engine.business.http import Answer
from engine.business.provider import Business
from engine.channels.sms.account import SmsAccount
from engine.channels.wechat.channel import Media
from engine.channels.wechat.crypto import Cipher, msg_signature, signature
from engine.channels.wechat.xml import Fields, cdata, parse
from engine.desk.desk import Desk
from engine.desk.learning import Learning, Meaning
from engine.dialog.scripts.loading import Scripts
from engine.message import Inbound, Kind, Reply
from engine.meters import Meters
from engine.settings import Account, ApiAccount, Mode
from engine.speech.errors import SpeechError
from engine.store import Store

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
MEANINGS = (Meaning("topup", "充话费"), Meaning("thanks", "道谢"))
APPID = "wx0123456789abcdef"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
PREVIOUS_KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
TOKEN = "token123"
#: Of the program that writes for customers of `programs`.
KEY = "of the shop's own app"


def account(name: str, **options: object) -> Account:
    told = {
        "name": name,
        "id": f"gh_{name}",
        "appid": APPID,
        "secret": "secret",
        "token": TOKEN,
        "aes_key": AES_KEY,
        "previous_aes_key": PREVIOUS_KEY,
        "mode": Mode(name) if name in {"plain", "compat", "safe"} else Mode.PLAIN,
        "api_base": "http://127.0.0.1:9",
    }
    return Account.model_validate({**told, **options})


def programs() -> tuple[ApiAccount, ...]:
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    return (ApiAccount(name="shop", channel="api", keys={"app": digest}),)


class ScriptedTurns:
    """Answers what a test scripted, else an echo; waits while a test keeps ``open`` cleared."""

    def __init__(self) -> None:
        self.script: dict[str, tuple[Reply, ...]] = {}
        self.taken: list[Inbound] = []
        self.open = asyncio.Event()
        self.open.set()
        self.begun: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def take(self, inbound: Inbound, fetch: Media | None = None) -> tuple[Reply, ...]:
        self.taken.append(inbound)
        if inbound.kind is Kind.VOICE and fetch:
            return (Reply(text=await self._played(inbound, fetch)),)
        self.begun[inbound.text].set()
        await self.open.wait()
        if inbound.text == "bug":
            raise ZeroDivisionError
        return self.script.get(inbound.text, (Reply(text=f"说了{inbound.text}"),))

    async def _played(self, inbound: Inbound, fetch: Media) -> str:
        try:
            return f"{len(await fetch(inbound.media_id))} bytes"
        except SpeechError as error:
            return type(error).__name__


async def no_network(
    url: str, *, body: bytes, headers: Mapping[str, str], seconds: float
) -> Answer:
    raise OSError(f"{url}: a test reaches no network")


@dataclass
class FakeEngine:
    store: Store
    accounts: Mapping[str, Account]
    turns: Mapping[str, ScriptedTurns]
    is_closed: bool = field(default=False)
    api_accounts: Mapping[str, ApiAccount] = field(default_factory=dict)
    sms_accounts: Mapping[str, SmsAccount] = field(default_factory=dict)
    meters: Meters = field(default_factory=Meters)
    phrases: Path = Path("desk.yml")
    scripts: Mapping[str, Scripts] = field(default_factory=dict)
    folders: frozenset[Path] = field(default=frozenset())
    reloads: int = field(default=0)
    reloaded: asyncio.Event = field(default_factory=asyncio.Event)
    backends: Backends = field(default_factory=lambda: Backends(Business("none"), no_network))

    @property
    def desk(self) -> Desk:
        return Desk(self.store, self.turns, clock=lambda: NOW)

    @property
    def learning(self) -> Learning:
        return Learning(self.store, self.phrases, lambda: {"plain": MEANINGS})

    async def reload(self) -> None:
        self.reloads += 1
        self.reloaded.set()

    async def close(self) -> None:
        self.is_closed = True


@dataclass
class Platform:
    """Signs and sends what the platform sends."""

    client: aiohttp.ClientSession
    url: str
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def query(self) -> dict[str, str]:
        timestamp, nonce = str(int(NOW.timestamp())), "nonce"
        return {
            "timestamp": timestamp,
            "nonce": nonce,
            "signature": signature(TOKEN, timestamp, nonce),
        }

    def text(self, words: str, *, to: str = "plain", openid: str = "o1", **fields: str) -> str:
        return self.message(to=to, openid=openid, MsgType="text", Content=cdata(words), **fields)

    def message(self, *, to: str = "plain", openid: str = "o1", **fields: str) -> str:
        common = {
            "ToUserName": f"gh_{to}",
            "FromUserName": openid,
            "CreateTime": str(int(NOW.timestamp())),
            "MsgId": str(next(self.numbers)),
        }
        inner = "".join(f"<{name}>{value}</{name}>" for name, value in {**common, **fields}.items())
        return f"<xml>{inner}</xml>"

    async def push(
        self,
        body: str | bytes,
        *,
        to: str = "plain",
        query: Mapping[str, str] | None = None,
    ) -> tuple[int, str]:
        """Send a body as it is, signed unless ``query`` says otherwise."""
        async with self.client.post(
            f"{self.url}/wechat/{to}",
            params=self.query() if query is None else query,
            data=io.BytesIO(body if isinstance(body, bytes) else body.encode()),
            headers={"Content-Type": "text/xml"},
        ) as response:
            return response.status, await response.text()

    async def push_encrypted(
        self, body: str, *, to: str, key: str = AES_KEY, appid: str = APPID, clear: str = ""
    ) -> tuple[int, str]:
        encrypted = Cipher(key, appid).encrypt(body)
        query = {"encrypt_type": "aes", **self.query()}
        query["msg_signature"] = msg_signature(TOKEN, query["timestamp"], query["nonce"], encrypted)
        outer = f"<xml><ToUserName>gh_{to}</ToUserName>{clear}<Encrypt>{encrypted}</Encrypt></xml>"
        return await self.push(outer, to=to, query=query)


def opened(answer: str, *, key: str = AES_KEY) -> Fields:
    """The fields of an encrypted answer, whose signature is right."""
    outer = parse(answer.encode())
    expected = msg_signature(
        TOKEN, outer.text("TimeStamp"), outer.text("Nonce"), outer.text("Encrypt")
    )
    assert outer.text("MsgSignature") == expected
    return parse(Cipher(key, APPID).decrypt(outer.text("Encrypt")))
