"""Terminals: who signs in, and the cookie that proves it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay.schema import terminals

#: OWASP's scrypt setting for 16 MiB: 2**14 rounds would be 16 MiB with r=8, and takes about 50 ms.
_N, _R, _P = 2**14, 8, 5
_SALT = 16

#: How long a signed-in terminal stays so.
STAY_SECONDS = 30 * 86400


@dataclass(frozen=True, slots=True)
class Terminal:
    """A customer's chat client. `openid` is fixed, or empty: each account derives one."""

    id: int
    name: str
    password: str
    openid: str


def hashed(password: str) -> str:
    """A salted scrypt hash; takes about 0.2 s of CPU, so never on the event loop."""
    salt = os.urandom(_SALT)
    return f"scrypt${_text(salt)}${_text(_scrypt(password, salt))}"


def matches(password: str, kept: str) -> bool:
    """Whether the password is the one that was hashed; as slow as `hashed`."""
    _, salt, digest = kept.split("$")
    return hmac.compare_digest(_scrypt(password, _data(salt)), _data(digest))


async def find(connection: AsyncConnection, *, name: str = "", id: int = 0) -> Terminal | None:
    """The terminal with this name or id."""
    wanted = terminals.c.id == id if id else terminals.c.name == name
    row = (await connection.execute(select(terminals).where(wanted))).one_or_none()
    return None if row is None else Terminal(row.id, row.name, row.password, row.openid or "")


async def create(
    connection: AsyncConnection, *, name: str, password: str, openid: str = ""
) -> bool:
    """Keep a new terminal with its *hashed* password; False when the name is taken."""
    row = insert(terminals).values(name=name, password=password, openid=openid or None)
    done = await connection.execute(row.on_conflict_do_nothing(index_elements=["name"]))
    return done.rowcount == 1


@dataclass(frozen=True, slots=True)
class Cookies:
    """Signs which terminal a browser is, until when."""

    key: bytes

    def sign(self, terminal: int, *, now: int) -> str:
        """A cookie value; `now` in seconds since 1970."""
        told = f"{terminal}.{now + STAY_SECONDS}"
        return f"{told}.{self._seal(told)}"

    def read(self, cookie: str, *, now: int) -> int | None:
        """The terminal of a cookie that we signed and that has not ended."""
        told, _, seal = cookie.rpartition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(told).encode()):
            return None
        terminal, until = told.split(".")
        return int(terminal) if now < int(until) else None

    def _seal(self, told: str) -> str:
        return hmac.new(self.key, told.encode(), hashlib.sha256).hexdigest()


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def _data(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)
