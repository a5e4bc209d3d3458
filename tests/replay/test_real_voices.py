"""Conversations by voice whose clips are heard for real, with the shipped model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from engine import assets
from engine.replay import play, report, runs_of
from engine.replay.troupe import Troupe
from engine.wiring import open_ears

FOLDER = Path(__file__).parents[1] / "replays"

#: The other conversations by voice have a word that the model mishears, or a number that it reads
#: back where their words alone would be taken at once.
HEARD = (
    "voice-balance",
    "voice-bind-read-back",
    "voice-checkin-read-back",
    "voice-part-of-a-number",
)

#: Seconds; nothing is said here about speed.
PATIENCE = 60.0


@pytest.fixture
async def hearing(troupe: Troupe) -> AsyncIterator[Troupe]:
    async with AsyncExitStack() as stack:
        model = assets.models() / "speech" / "zh-banli"
        yield replace(troupe, ears=await open_ears(model, stack, patience=PATIENCE))


@pytest.mark.parametrize("name", HEARD)
async def test_the_conversation_goes_as_recorded_when_its_clips_are_heard(
    name: str, hearing: Troupe
) -> None:
    (run,) = runs_of([FOLDER / f"{name}.yaml"])

    played = await play(run, hearing)

    assert not played.faults, "\n" + report.text(played)
