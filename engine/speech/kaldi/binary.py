"""Kaldi's binary basics: tokens, numbers, vectors and matrices (`base/io-funcs`, `matrix/`)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.speech.errors import BadKaldiFile

Floats = NDArray[np.float32]

#: What an open binary file begins with.
HEADER = b"\0B"

_FOUR = b"\x04"
_STEPS = 65535


def token(name: str) -> bytes:
    return name.encode("ascii") + b" "


def integer(value: int) -> bytes:
    return _FOUR + struct.pack("<i", value)


def number(value: float) -> bytes:
    return _FOUR + struct.pack("<f", value)


def truth(value: bool) -> bytes:
    return b"T" if value else b"F"


def integers(values: Iterable[int]) -> bytes:
    array = np.fromiter(values, "<i4")
    return _FOUR + struct.pack("<i", len(array)) + array.tobytes()


def vector(values: ArrayLike) -> bytes:
    array = np.asarray(values, "<f4").reshape(-1)
    return token("FV") + integer(len(array)) + array.tobytes()


def matrix(values: ArrayLike) -> bytes:
    array = np.asarray(values, "<f4")
    rows, columns = array.shape
    return token("FM") + integer(rows) + integer(columns) + array.tobytes()


def halved_matrix(values: ArrayLike) -> bytes:
    """In half the bytes: 65536 even steps from the least to the greatest (`CompressedMatrix`)."""
    array = np.asarray(values, "<f4")
    least, span = (float(array.min()), float(np.ptp(array))) if array.size else (0.0, 0.0)
    # Divided first: the steps in a span that is next to nothing are more than a float can count.
    steps = np.rint((array - least) / (span or 1.0) * _STEPS).astype("<u2")
    return token("CM2") + struct.pack("<ffii", least, span, *array.shape) + steps.tobytes()


class Reader:
    """Reads what the functions of this module write, and doubles where Kaldi may have them.

    Every method raises `BadKaldiFile` when something else is there, or nothing.
    """

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self.at = at

    @property
    def left(self) -> int:
        """How many bytes are still to come."""
        return len(self._data) - self.at

    def taken(self, count: int) -> bytes:
        """The next bytes as they are."""
        if not 0 <= count <= self.left:
            raise BadKaldiFile(f"ends {count - self.left} bytes too early", at=self.at)
        self.at += count
        return self._data[self.at - count : self.at]

    def peek(self, count: int) -> bytes:
        """The next bytes, which stay to come; fewer at the end."""
        return self._data[self.at : self.at + count]

    def since(self, at: int) -> bytes:
        """What was read from there on."""
        return self._data[at : self.at]

    def until(self, end: bytes) -> bytes:
        """What comes before the next `end`, which is passed over."""
        found = self._data.find(end, self.at)
        if found < 0:
            raise BadKaldiFile(f"no {end!r} to come", at=self.at)
        taken = self.taken(found - self.at)
        self.at += len(end)
        return taken

    def token(self) -> str:
        return self.until(b" ").decode("ascii", "replace")

    def expect(self, *names: str) -> str:
        """One of these tokens."""
        at = self.at
        found = self.token()
        if found not in names:
            raise BadKaldiFile(f"{found[:40]!r} where {' or '.join(names)} should be", at=at)
        return found

    def integer(self) -> int:
        return int(self._sized("<i"))

    def number(self) -> float:
        wide = self.peek(1) == b"\x08"
        return float(self._sized("<d" if wide else "<f"))

    def truth(self) -> bool:
        at = self.at
        if (found := self.taken(1)) not in (b"T", b"F"):
            raise BadKaldiFile(f"{found!r} where T or F should be", at=at)
        return found == b"T"

    def integers(self) -> tuple[int, ...]:
        return tuple(self.array("<i4", self.integer()).tolist())

    def vector(self) -> Floats:
        kind = self.expect("FV", "DV")
        return self.array("<f4" if kind == "FV" else "<f8", self.integer()).astype(np.float32)

    def matrix(self) -> Floats:
        kind = self.expect("FM", "DM", "CM2")
        if kind == "CM2":
            return self._halved()
        shape = self.integer(), self.integer()
        return self._shaped("<f4" if kind == "FM" else "<f8", shape).astype(np.float32)

    def array(self, kind: str | np.dtype[np.void], count: int) -> NDArray[Any]:
        """`count` elements of a numpy type, one after the other."""
        type_ = np.dtype(kind)
        if count < 0:
            raise BadKaldiFile(f"{count} elements", at=self.at)
        return np.frombuffer(self.taken(count * type_.itemsize), type_)

    def _halved(self) -> Floats:
        least, span, rows, columns = struct.unpack("<ffii", self.taken(16))
        steps = self._shaped("<u2", (rows, columns)).astype(np.float32)
        return np.float32(least) + steps * np.float32(span / _STEPS)

    def _shaped(self, kind: str, shape: Sequence[int]) -> NDArray[Any]:
        rows, columns = shape
        if min(rows, columns) < 0:
            raise BadKaldiFile(f"a matrix of {rows} by {columns}", at=self.at)
        return self.array(kind, rows * columns).reshape(rows, columns)

    def _sized(self, kind: str) -> float:
        at, size = self.at, struct.calcsize(kind)
        if self.taken(1) != bytes([size]):
            raise BadKaldiFile(f"no number of {size} bytes", at=at)
        value: float = struct.unpack(kind, self.taken(size))[0]
        return value
