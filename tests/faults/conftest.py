"""Two processes over one database of each kind, and how much of it all is tried."""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults import checker, world
from tests.faults.fleet import Worker, running
from tests.faults.platform_side import Message

#: In `make test` it takes a minute; `make test-faults` asks for far more. Both databases share
#: the kills.
SHORT = {"KILLS": 3, "CUSTOMERS": 60, "CONFIRMATIONS": 20}


def amount(what: str) -> int:
    """How many kills, customers or confirmations are wanted."""
    return int(os.environ.get(f"BANLI_FAULTS_{what}", SHORT[what]))


@dataclass
class Town:
    """The company's processes and their database, with all that was ever said there."""

    address: str
    workers: list[Worker]
    kills: int
    log: list[Message] = field(default_factory=list, repr=False)
    #: Of four digits: more do not fit on a boarding pass.
    flights: Iterator[int] = field(default_factory=lambda: itertools.count(2000))
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _was: checker.Before | None = field(default=None, repr=False)

    @property
    def urls(self) -> list[str]:
        return [worker.url for worker in self.workers]

    async def people(self, count: int, flight: str) -> list[int]:
        """The numbers of new customers, who go by this flight."""
        if self._was is None:
            self._was = await checker.before(self.address)
        numbers = [*itertools.islice(self._numbers, count)]
        await world.settle(self.address, numbers, flight)
        return numbers

    async def faults(self, *, may_fail: bool = False) -> list[str]:
        """Everything that is wrong by now."""
        if self._was is None:
            return ["nobody came"]
        return await checker.faults(self.address, self.log, self._was, may_fail=may_fail)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """Two `banli serve` over one database."""
    home: Path = tmp_path_factory.mktemp("town")
    if request.param == "sqlite":
        address = f"sqlite:///{home}/banli.db"
    else:
        address = request.getfixturevalue("postgresql").new()
    kills = amount("KILLS")
    share = kills // 2 if request.param == "sqlite" else kills - kills // 2
    with running(home, address) as workers:
        yield Town(address, workers, share)


@pytest.fixture
def dice() -> random.Random:
    """Of a seed that `BANLI_FAULTS_SEED` sets and the output tells."""
    seed = int(os.environ.get("BANLI_FAULTS_SEED", "7"))
    print(f"BANLI_FAULTS_SEED={seed}")
    return random.Random(seed)
