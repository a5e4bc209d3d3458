"""A decoder as a server has it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from engine.speech.audio.decoder import Decoder


@pytest.fixture
async def decoder() -> AsyncIterator[Decoder]:
    async with Decoder() as opened:
        yield opened
