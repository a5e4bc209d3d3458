"""Memory as Linux tells it."""

from __future__ import annotations

import os

from engine.bench.memory import private, resident


def test_what_is_private_is_a_part_of_what_is_resident() -> None:
    assert 0 < private(os.getpid()) <= resident() + 1
    assert resident() > 5


def test_memory_in_use_is_seen() -> None:
    before = resident()
    held = bytearray(os.urandom(1)) * 50_000_000
    assert resident() - before > 40
    del held
