"""Who may administer: one password, and the cookie that proves it was known."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.relay.errors import Refused, RelayError

#: Seconds that somebody stays signed in, and that nobody may try after too many wrong passwords.
STAYS, LOCKED = 8 * 3600, 15 * 60

#: So many wrong passwords within `LOCKED` are too many.
TRIES = 5

SHORTEST = 8


@dataclass(slots=True)
class Entry:
    """Lets the administrator in. `clock` gives seconds; `key` is a secret of this installation.

    Raises `RelayError` for a password that is too short.
    """

    password: str = field(repr=False)
    key: bytes = field(repr=False)
    clock: Callable[[], float]
    _wrong: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        if len(self.password) < SHORTEST:
            raise RelayError(f"the administrator's password needs {SHORTEST} characters or more")

    def enter(self, password: str) -> str:
        """The cookie. Raises `Refused`."""
        now = self.clock()
        self._wrong = [at for at in self._wrong if at > now - LOCKED]
        if len(self._wrong) >= TRIES:
            raise Refused("密码错了太多次，请 15 分钟后再试", status=429)
        if not hmac.compare_digest(_digest(password), _digest(self.password)):
            self._wrong.append(now)
            raise Refused("密码不对", status=401)
        self._wrong.clear()
        return self._sealed(int(now) + STAYS)

    def knows(self, cookie: str) -> bool:
        """Whether we gave this cookie, and it has not ended."""
        until, _, _ = cookie.partition(".")
        if not (until.isascii() and until.isdecimal() and len(until) < 12):
            return False
        return int(until) > self.clock() and hmac.compare_digest(
            cookie.encode(), self._sealed(int(until)).encode()
        )

    def _sealed(self, until: int) -> str:
        # Another password ends what the one before had opened.
        key = self.key + _digest(self.password)
        return f"{until}.{hmac.new(key, str(until).encode(), hashlib.sha256).hexdigest()}"


def _digest(password: str) -> bytes:
    return hashlib.sha256(password.encode()).digest()
