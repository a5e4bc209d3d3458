"""What every test may ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from engine.store import Store


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """A private, empty, real database."""
    async with await Store.open("sqlite://") as opened:
        yield opened
