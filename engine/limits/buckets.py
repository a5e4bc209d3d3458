"""Token buckets in memory that processes made by fork have in common.

A table of one size: who has not been seen for longest is forgotten first, among the few that a name
falls together with. Under a lock of the kernel, which goes with the process that holds it.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b

#: Places among which a name has its own.
_WAYS = 8
#: A name, what is left, when that was, and whether its owner has been told.
_PLACE = struct.Struct("<Qdd?7x")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many ``at_once``, and ``per_second`` more."""

    at_once: float
    per_second: float


@dataclass(slots=True)
class Bucket:
    """What is ``left`` at a time in seconds."""

    left: float
    at: float
    is_told: bool = False

    def fill(self, rate: Rate, now: float) -> None:
        """Let what has come since the last look in; a full half forgives."""
        self.left = min(rate.at_once, self.left + (now - self.at) * rate.per_second)
        self.at = now
        self.is_told = self.is_told and self.left < rate.at_once / 2


class Buckets:
    """Up to ``count`` buckets by name; full ones for names that are not known."""

    def __init__(self, count: int) -> None:
        self._sets = max(1, count // _WAYS)
        self._file, path = tempfile.mkstemp(prefix="banli-limits-")
        os.unlink(path)
        os.ftruncate(self._file, self._sets * _WAYS * _PLACE.size)
        weakref.finalize(self, os.close, self._file)
        self._table = mmap.mmap(self._file, 0)

    @contextmanager
    def open(self, name: str, rate: Rate, now: float) -> Iterator[Bucket]:
        """The bucket of a name, filled until now; it is kept as it is left. Within `alone`."""
        number = int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) or 1
        place, bucket = self._find(number, rate, now)
        bucket.fill(rate, now)
        yield bucket
        _PLACE.pack_into(self._table, place, number, bucket.left, bucket.at, bucket.is_told)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all other processes out."""
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _find(self, number: int, rate: Rate, now: float) -> tuple[int, Bucket]:
        first = number % self._sets * _WAYS * _PLACE.size
        oldest, oldest_at = first, float("inf")
        for place in range(first, first + _WAYS * _PLACE.size, _PLACE.size):
            known, left, at, is_told = _PLACE.unpack_from(self._table, place)
            if known == number:
                return place, Bucket(left, at, is_told)
            if not known or at < oldest_at:
                oldest, oldest_at = place, at if known else float("-inf")
        return oldest, Bucket(rate.at_once, now)
