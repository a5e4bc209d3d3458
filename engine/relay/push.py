"""What the platform posts to a provider: signed XML in the three modes.

The rules are those of the platform's "message push" and "message encryption" pages.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.channels.wechat.crypto import Cipher, msg_signature, signature
from engine.relay.accounts import Registered
from engine.relay.xml import Fields, write
from engine.settings import Mode

#: MsgIds of one millisecond that there is room for.
_MSG_ID_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Push:
    """One request to a provider."""

    query: dict[str, str]
    body: str


class MsgIds:
    """Rising 64-bit ids: by the clock where it moves on, by one where it does not.

    `clock` gives milliseconds since 1970; `last` is the highest id ever given.
    """

    def __init__(self, clock: Callable[[], int], *, last: int = 0) -> None:
        self._clock = clock
        self._last = last

    def next(self) -> int:
        """An id above all before it."""
        self._last = max(self._last + 1, self._clock() * _MSG_ID_STEP)
        return self._last


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one account; `nonce` and `seconds` are passed in for tests."""

    registered: Registered
    seconds: Callable[[], int]
    nonce: Callable[[], str] = field(default=lambda: str(secrets.randbelow(10**10)))

    def query(self) -> dict[str, str]:
        """`signature`, `timestamp` and `nonce` of a request that happens now."""
        timestamp, nonce = str(self.seconds()), self.nonce()
        signed = signature(self.registered.account.token, timestamp, nonce)
        return {"signature": signed, "timestamp": timestamp, "nonce": nonce}

    def push(self, openid: str, fields: Fields) -> Push:
        """The request that carries these fields in the mode of the account."""
        account, clear = self.registered.account, write(fields)
        query = self.query() | {"openid": openid}
        if account.mode is Mode.PLAIN:
            return Push(query, clear)
        encrypted = Cipher(account.aes_key, account.appid).encrypt(clear)
        signed = msg_signature(account.token, query["timestamp"], query["nonce"], encrypted)
        query |= {"encrypt_type": "aes", "msg_signature": signed}
        shown = fields if account.mode is Mode.COMPAT else {"ToUserName": account.id}
        return Push(query, write({**shown, "Encrypt": encrypted}))
