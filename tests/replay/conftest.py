"""The engine that transcripts are played through, loaded once for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.replay import assemble
from engine.replay.databases import Databases
from engine.replay.stage import Troupe


@pytest.fixture(scope="session")
def troupe() -> Iterator[Troupe]:
    """The trained model, the real scripts, the demo business."""
    with Databases() as databases:
        yield assemble(databases)
