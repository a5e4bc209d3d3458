"""The engine of a transcript as several processes run it: over one database, each on its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.dialog.scripts.loading import Scripts
from engine.hearing import Fetch
from engine.message import Inbound, Reply
from engine.nlu.interpreter import Interpreter
from engine.replay.errors import ReplayError
from engine.store import Store
from engine.turn import Turns

#: An engine over a database; workers are made alike.
Make = Callable[[Store], Turns]


class Diverged(ReplayError):
    """Deliveries of one message were answered differently."""


class Workers:
    """Engines over one database file. Every message goes to the next one in turn."""

    def __init__(self, stores: Sequence[Store], make: Make) -> None:
        self.turns = [make(store) for store in stores]
        self.store = stores[0]
        self._stores = stores
        self._next = itertools.cycle(self.turns)

    @property
    def each(self) -> list[tuple[Turns, Store]]:
        """Every worker with the database as it has it open."""
        return list(zip(self.turns, self._stores, strict=True))

    @classmethod
    async def open(cls, file: Path, make: Make, *, count: int) -> Workers:
        """Start as many as ``count``."""
        return cls([await Store.open(f"sqlite:///{file}") for _ in range(count)], make)

    async def close(self) -> None:
        """End all of them; what is not kept is lost."""
        for store in self._stores:
            await store.close()

    def change(self, interpreter: Interpreter, scripts: Scripts) -> None:
        """Let all of them go on with other scripts."""
        for turns in self.turns:
            turns.change(interpreter, scripts)

    async def take(self, inbound: Inbound, fetch: Fetch | None = None) -> tuple[Reply, ...]:
        """The next worker's replies to a message."""
        return await next(self._next).take(inbound, fetch)
