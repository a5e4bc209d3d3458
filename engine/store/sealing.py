"""Columns whose values are sealed on their way into the database, and opened on their way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import Dialect, LargeBinary, TypeDecorator

from engine.store.errors import Unreadable
from engine.store.keys import Ring, key_of

# A column's type is of the whole program, its keys are of one store: the dialect, of which each
# engine has its own, is what SQLAlchemy hands to a type.
_rings: WeakKeyDictionary[Dialect, Ring] = WeakKeyDictionary()


def seal_with(dialect: Dialect, ring: Ring) -> None:
    """Seal what goes through the engine of this dialect; without, values are kept in clear."""
    _rings[dialect] = ring


def marks_of(dialect: Dialect, text: str) -> list[bytes]:
    """Every `Mark` that a text may have here: while keys are being changed, one of each key."""
    ring = _rings.get(dialect)
    return [text.encode()] if ring is None else ring.marks(text)


if TYPE_CHECKING:
    _Base = TypeDecorator[Any]
else:
    _Base = TypeDecorator


class Sealed(_Base):
    """Bytes that only who has the ring can read. ``place`` is ``table.column``.

    Reading raises `Unreadable`.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        ring, data = _rings.get(dialect), self.encoded(value)
        return data if ring is None else ring.seal(data, self.place.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        ring = _rings.get(dialect)
        if ring is None and (key := key_of(value)):
            raise Unreadable(self.place, key)
        return self.decoded(ring.open(value, self.place.encode()) if ring else value)

    def encoded(self, value: Any) -> bytes:
        """A value as bytes."""
        data: bytes = value
        return data

    def decoded(self, data: bytes) -> Any:
        """The value of bytes."""
        return data


class SealedText(Sealed):
    """Text."""

    cache_ok = True

    def encoded(self, value: Any) -> bytes:
        """UTF-8."""
        return str(value).encode()

    def decoded(self, data: bytes) -> Any:
        """UTF-8."""
        return data.decode()


class SealedJson(Sealed):
    """What JSON can hold; None is no value at all."""

    cache_ok = True

    def encoded(self, value: Any) -> bytes:
        """JSON."""
        return msgspec.json.encode(value)

    def decoded(self, data: bytes) -> Any:
        """JSON."""
        return msgspec.json.decode(data)


class Mark(_Base):
    """Takes a text, keeps 16 bytes that are equal for equal texts, and gives back those.

    ``of`` names the column with the text itself: its mark is made anew with each new key.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, of: str) -> None:
        super().__init__()
        self.of = of

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        ring = _rings.get(dialect)
        if value is None:
            return None
        return value.encode() if ring is None else ring.mark(value)
