"""Here everything holds on both kinds of databases."""

from __future__ import annotations

import pytest

from engine.store import Store


@pytest.fixture
def store(either: Store) -> Store:
    """A private, empty, real database, of each kind in turn."""
    return either
