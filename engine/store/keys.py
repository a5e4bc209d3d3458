"""Keys that what customers said is sealed with in the database: AES-256-GCM, one ring of them.

A sealed value is ``C1`` + 4 bytes that name the key + 12 bytes of nonce + ciphertext and tag. No
JSON, no UTF-8 and no msgpack begins with ``C1``, so a value from before sealing is told apart.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.store.errors import StoreError, Unreadable

_MAGIC = b"\xc1"
_SIZE, _NAME, _NONCE = 32, 4, 12
_HEAD = len(_MAGIC) + _NAME
_SPLIT = re.compile(r"[\s,]+")
_COMMENT = re.compile(r"#.*")


def fresh() -> str:
    """A new key as it is written in a ring."""
    return base64.urlsafe_b64encode(os.urandom(_SIZE)).decode().rstrip("=")


class Ring:
    """The first key seals, all of them open."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        named = {hashlib.sha256(b"banli key " + key).digest()[:_NAME]: key for key in keys}
        self._ciphers = {name: AESGCM(key) for name, key in named.items()}
        first = next(iter(named))
        self._head = _MAGIC + first
        self._cipher = self._ciphers[first]
        self._markers = [hmac.digest(key, b"banli mark", "sha256") for key in named.values()]

    @classmethod
    def read(cls, text: str) -> Ring:
        """The keys of a text, between white space or commas; ``#`` begins a comment.

        Raises `StoreError`, without what is wrong in it.
        """
        words = _SPLIT.split(_COMMENT.sub("", text).strip())
        keys = [_decoded(word) for word in words if word]
        if not keys:
            raise StoreError("the ring of the store's keys is empty; `banli keys new` makes one")
        return cls(keys)

    @property
    def names(self) -> tuple[str, ...]:
        """What the keys are called, the one that seals first. No key can be told from its name."""
        return tuple(name.hex() for name in self._ciphers)

    def seal(self, value: bytes, place: bytes) -> bytes:
        """A value as it is kept; it can only be opened as one of the same ``place``."""
        nonce = os.urandom(_NONCE)
        return self._head + nonce + self._cipher.encrypt(nonce, value, place)

    def open(self, kept: bytes, place: bytes) -> bytes:
        """The value; one from before sealing is given back as it is. Raises `Unreadable`."""
        if kept[:1] != _MAGIC:
            return kept
        cipher = self._ciphers.get(kept[1:_HEAD])
        if cipher is None:
            raise Unreadable(place.decode(), key_of(kept))
        try:
            return cipher.decrypt(kept[_HEAD : _HEAD + _NONCE], kept[_HEAD + _NONCE :], place)
        except InvalidTag:
            raise Unreadable(place.decode(), key_of(kept), is_damaged=True) from None

    def mark(self, text: str) -> bytes:
        """Equal for equal texts under the same first key, and says nothing about them."""
        return self.marks(text)[0]

    def marks(self, text: str) -> list[bytes]:
        """The marks that a text has under each key: rows of former ones are found by them."""
        return [hmac.digest(marker, text.encode(), "sha256")[:16] for marker in self._markers]

    def is_newest(self, kept: bytes) -> bool:
        """Whether it is sealed with the first key."""
        return kept[:_HEAD] == self._head


def key_of(kept: bytes) -> str:
    """The name of the key that a kept value is sealed with; empty: it is not sealed."""
    return kept[1:_HEAD].hex() if kept[:1] == _MAGIC else ""


def read_or_make(file: Path) -> Ring:
    """The ring in a file, which is made with one key where there is none. Raises `StoreError`."""
    try:
        if not file.exists():
            _write_new(file, fresh())
        return Ring.read(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"cannot read the store's keys in {file}: {error}") from error


def put_first(file: Path, key: str) -> None:
    """Let another key seal from now on; those of the file go on opening. Raises `StoreError`."""
    try:
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        fresh_file = file.with_name(f".{file.name}.new")
        fresh_file.unlink(missing_ok=True)
        _write_new(fresh_file, f"{key}\n{before}".rstrip())
        os.replace(fresh_file, file)
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"cannot write the store's keys to {file}: {error}") from error


def _write_new(file: Path, text: str) -> None:
    """Write a file that only its owner can read; of several who do, the first one wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(f"{text}\n")
    try:
        os.link(part, file)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def _decoded(word: str) -> bytes:
    try:
        key = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
    except ValueError:
        key = b""
    if len(key) != _SIZE:
        raise StoreError(f"a key of the store is {_SIZE} bytes in base64; `banli keys new`")
    return key
