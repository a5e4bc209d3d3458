"""Every wording of `tests/wordings/` means in its state what stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.replay.troupe import Troupe
from tests.replay.wording import State, hear, read

FOLDER = Path(__file__).parents[1] / "wordings"
STATES = [state for file in sorted(FOLDER.glob("*.yaml")) for state in read(file)]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.state)
async def test_every_wording_means_what_it_should_in_its_state(
    state: State, troupe: Troupe
) -> None:
    missed = [heard async for heard in hear(state, troupe) if heard.misses]

    assert not missed, "\n" + "\n".join(map(str, missed))
