"""Signatures and encryption of the Official Account developer-server protocol.

Both sides use it: the provider's channel and the relay that plays the platform. The outside rules
are the platform's "message encryption and decryption" pages.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Callable, Iterable

from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from engine.channels.wechat.errors import (
    BadSignature,
    CryptoError,
    InvalidKey,
    Undecryptable,
    WrongAppId,
)

__all__ = [
    "BadSignature",
    "Cipher",
    "CryptoError",
    "InvalidKey",
    "Undecryptable",
    "WrongAppId",
    "decrypt",
    "is_signed",
    "msg_signature",
    "signature",
]

#: Messages are padded to 32 bytes, although a block of AES has 16.
PAD = 32
BLOCK = 16
SALT = 16
LENGTH = 4

#: The console issues letters and digits only; the rest of base64 does no harm.
AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


def signature(token: str, timestamp: str, nonce: str) -> str:
    """The ``signature`` of a request: lower-case hex of SHA-1 over the sorted parts."""
    return _sign(token, timestamp, nonce)


def msg_signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """The ``msg_signature`` of an encrypted message, whose base64 is ``encrypted``."""
    return _sign(token, timestamp, nonce, encrypted)


def is_signed(given: str, expected: str) -> bool:
    """Whether two signatures are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(_bytes(given), _bytes(expected))


class Cipher:
    """One EncodingAESKey of one account.

    ``salt`` gives the 16 random bytes that begin every message; a relay or test may fix it.
    Raises `InvalidKey` when ``aes_key`` is not 43 characters of base64.
    """

    def __init__(
        self, aes_key: str, appid: str, *, salt: Callable[[int], bytes] = os.urandom
    ) -> None:
        if not AES_KEY.fullmatch(aes_key):
            raise InvalidKey("an EncodingAESKey has exactly 43 letters or digits")
        key = base64.b64decode(aes_key + "=")
        self._aes = BlockCipher(AES(key), CBC(key[:BLOCK]))
        self._appid = appid.encode()
        self._salt = salt

    def encrypt(self, message: str) -> str:
        """Base64 of the encrypted message."""
        data = message.encode()
        clear = self._salt(SALT) + len(data).to_bytes(LENGTH, "big") + data + self._appid
        encryptor = self._aes.encryptor()
        return base64.b64encode(encryptor.update(_pad(clear)) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """The message inside; raises `Undecryptable` or `WrongAppId`, and nothing else."""
        decryptor = self._aes.decryptor()
        clear = _unpad(decryptor.update(_ciphertext(encrypted)) + decryptor.finalize())
        start = SALT + LENGTH
        end = start + int.from_bytes(clear[SALT:start], "big")
        if len(clear) < start or end > len(clear):
            raise Undecryptable("the length field points beyond the message")
        if not hmac.compare_digest(clear[end:], self._appid):
            raise WrongAppId("the message is meant for another AppID")
        return clear[start:end]


def decrypt(ciphers: Iterable[Cipher], encrypted: str) -> tuple[bytes, Cipher]:
    """The message and the first cipher that opens it: the current key, then the previous one.

    The platform expects the answer under the key of its question. When none opens it, the error is
    that of the first cipher.
    """
    first: CryptoError | None = None
    for cipher in ciphers:
        try:
            return cipher.decrypt(encrypted), cipher
        except CryptoError as error:
            first = first or error
    raise first or Undecryptable("the account has no EncodingAESKey")


def _sign(*parts: str) -> str:
    joined = b"".join(sorted(_bytes(part) for part in parts))
    # SHA-1 is the platform's choice.
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _ciphertext(encrypted: str) -> bytes:
    try:
        data = base64.b64decode(_bytes(encrypted), validate=True)
    except binascii.Error:
        raise Undecryptable("not base64") from None
    if not data or len(data) % BLOCK:
        raise Undecryptable("not a whole number of AES blocks")
    return data


def _pad(clear: bytes) -> bytes:
    count = PAD - len(clear) % PAD
    return clear + bytes([count]) * count


def _unpad(padded: bytes) -> bytes:
    count = padded[-1]
    if not 1 <= count <= PAD or padded[-count:] != bytes([count]) * count:
        raise Undecryptable("the padding is wrong")
    return padded[:-count]
