"""Who may sit at the desk: accounts with passwords, and the cookie that proves one."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from engine.desk.errors import BadAccount, Locked, NotSignedIn
from engine.store import Store, clerks
from engine.store.clerks import Clerk

#: OWASP's scrypt setting for 16 MiB; takes about 0.2 s of CPU, so never on the event loop.
_N, _R, _P, _SALT = 2**14, 8, 5, 16
#: How long a clerk stays signed in: a day's work.
STAYS = timedelta(hours=12)
#: Compared with when the name is unknown, so that names cannot be told apart by time.
_NOBODY = "scrypt$AAAAAAAAAAAAAAAAAAAAAA==$" + "A" * 86 + "=="
_NAME = re.compile(r"[^\s.\x00-\x1f\x7f]{1,32}")
SHORTEST, LONGEST = 8, 200


def hashed(password: str) -> str:
    """A salted scrypt hash."""
    salt = os.urandom(_SALT)
    return f"scrypt${_text(salt)}${_text(_scrypt(password, salt))}"


def matches(password: str, kept: str) -> bool:
    """Whether the password is the one that was hashed; as slow as `hashed`."""
    _, salt, digest = kept.split("$")
    return hmac.compare_digest(_scrypt(password, _data(salt)), _data(digest))


async def create(store: Store, *, name: str, password: str) -> None:
    """Give a clerk an account, or another password, which ends what is signed in.

    Raises `BadAccount`.
    """
    if not _NAME.fullmatch(name):
        raise BadAccount("a name is 1 to 32 characters, without spaces and dots")
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadAccount(f"a password has {SHORTEST} to {LONGEST} characters")
    secret = await asyncio.to_thread(hashed, password)
    async with store.writing() as connection:
        await clerks.put(connection, name=name, password=secret, key=os.urandom(32))


class SignIn:
    """Signs clerks in and knows them again by their cookie."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        # Guesses may not take the CPU from customers.
        self._hashing = asyncio.Semaphore(1)

    async def enter(self, name: str, password: str) -> str:
        """The cookie of a clerk. Raises `NotSignedIn` and `Locked`."""
        now = self._clock()
        async with self._store.writing() as connection:
            clerk = await clerks.find(connection, name)
            if clerk and clerk.locked_until and clerk.locked_until > now:
                minutes = -((now - clerk.locked_until) // timedelta(minutes=1))
                raise Locked(f"密码错了太多次，请 {minutes} 分钟后再试")
            await clerks.tried(connection, name, now=now)
        async with self._hashing:
            kept = clerk.password if clerk else _NOBODY
            fits = await asyncio.to_thread(matches, password[:LONGEST], kept)
        if clerk is None or not fits:
            raise NotSignedIn("名字或密码不对")
        async with self._store.writing() as connection:
            await clerks.entered(connection, name)
        return self._sealed(clerk, now + STAYS)

    async def clerk(self, cookie: str) -> str:
        """The clerk whose cookie this is. Raises `NotSignedIn`."""
        name, until, _ = (*cookie.split("."), "", "")[:3]
        async with self._store.reading() as connection:
            clerk = await clerks.find(connection, _unquoted(name))
        if clerk is None or not until.isdecimal():
            raise NotSignedIn("请先登录")
        end = datetime.fromtimestamp(int(until[:11]), self._clock().tzinfo)
        if end <= self._clock() or not hmac.compare_digest(cookie, self._sealed(clerk, end)):
            raise NotSignedIn("请先登录")
        return clerk.name

    def _sealed(self, clerk: Clerk, until: datetime) -> str:
        told = f"{_text(clerk.name.encode())}.{int(until.timestamp())}"
        return f"{told}.{hmac.new(clerk.key, told.encode(), hashlib.sha256).hexdigest()}"


def _unquoted(text: str) -> str:
    try:
        return _data(text).decode()
    except ValueError:
        return ""


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def _data(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)
