"""Inputs hurt at random, many of them, and what must hold whatever comes."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

#: `make fuzz` asks for more of them, under a seed of its own.
INPUTS = int(os.environ.get("BANLI_FUZZ", "1000"))
SEED = int(os.environ.get("BANLI_FUZZ_SEED", "20261126"))

#: Seconds that no input may take, also on a busy machine; what hangs takes for ever.
PATIENCE = 20

#: Bytes by which the process may grow in the second half of a run.
GROWTH = 32 * 1024 * 1024

_COMMON = (b"", b"\x00", b"\xff\xfe", b"-1", b"0", b"9" * 400, b"1e999", "密".encode(), b"A" * 5000)


def mutated(name: str, seeds: Sequence[bytes], words: Sequence[bytes] = ()) -> Iterator[bytes]:
    """`INPUTS` of them, made from right ones and from ``words`` of their language."""
    print(f"{name}: BANLI_FUZZ_SEED={SEED} BANLI_FUZZ={INPUTS}")
    source = random.Random(f"{SEED} {name}")
    flat = _Flat()
    for number in range(INPUTS):
        data = bytearray(source.choice(seeds))
        for _ in range(source.choice((1, 1, 2, 4, 16))):
            _hurt(source, data, seeds, (*_COMMON, *words))
        yield bytes(data)
        flat.look(number)


def _hurt(
    source: random.Random, data: bytearray, seeds: Sequence[bytes], words: Sequence[bytes]
) -> None:
    at = source.randrange(len(data) + 1)
    until = min(len(data), at + source.choice((1, 1, 4, 16, 64)))
    match source.randrange(7):
        case 0 if at < len(data):
            data[at] ^= 1 << source.randrange(8)
        case 1:
            del data[at:until]
        case 2:
            data[at:at] = source.choice(words)
        case 3:
            data[at:until] = source.choice(words)
        case 4:
            data[at:at] = data[at:until] * source.choice((1, 2, 50))
        case 5:
            other = source.choice(seeds)
            data[at:] = other[source.randrange(len(other) + 1) :]
        case _:
            data[at:until] = source.randbytes(until - at)


class _Flat:
    """Fails when memory grows while the second half of the inputs is taken."""

    def __init__(self) -> None:
        self._half = 0

    def look(self, number: int) -> None:
        if number == INPUTS // 2:
            self._half = _resident()
        elif number == INPUTS - 1:
            grown = _resident() - self._half
            assert grown < GROWTH, f"grew by {grown} bytes"


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def no_hang(data: bytes) -> Iterator[None]:
    """The block ends, or the input that it hangs on is told."""

    def tell(number: int, frame: object) -> None:
        raise AssertionError(f"hangs on {data!r}")

    before = signal.signal(signal.SIGALRM, tell)
    signal.alarm(PATIENCE)
    try:
        yield
    except AssertionError:
        raise
    except Exception as error:
        raise AssertionError(f"{type(error).__name__} on {data!r}") from error
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
