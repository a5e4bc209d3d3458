"""Every wording in `tests/wordings/` is understood in its state as it is written there."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.replay.troupe import Troupe
from tests.replay.wordings import FOLDER, play, read


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.stem)
async def test_customers_are_understood_in_every_state(file: Path, troupe: Troupe) -> None:
    misses = [miss for state in read(file) async for miss in play(state, troupe) if miss]
    assert not misses, "\n" + "\n".join(map(str, misses))
