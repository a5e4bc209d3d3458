"""`banli bench turns`: turns of the real engine and of another server, in alternation.

The other is the floor, or the engine with an empty database beside one with many sessions.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.bench.client import Crowd, Sample
from engine.bench.server import BenchError, Server, running
from engine.bench.stored import lay
from engine.settings import load_accounts

#: Rounds in alternation, so that a busy moment of the machine does not fall on one side.
ROUNDS = 4

#: Messages before the measurement: first connections, caches, the database's first pages.
WARM_UP = 50

_FILE = 'id = "gh_bench"\nappid = "wxbench"\nsecret = "none"\ntoken = "bench"\nmode = "plain"\n'
_SERVE = ("-c", "from engine.cli import main; main()", "serve", "--port", "0", "--accounts")
_FLOOR = ("-m", "engine.bench.floor")


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one server; times in milliseconds.

    ``cuts`` are the 99 percentiles, of which the 50th and the last are ``p50`` and ``p99``.
    """

    turns: int
    failures: int
    turns_per_second: float
    p50: float
    p99: float
    cpu: float
    cuts: tuple[float, ...] = ()

    @classmethod
    def of(cls, samples: list[Sample], cpu_seconds: float) -> Figures:
        """The figures of all rounds together. Raises `BenchError` when nothing was answered."""
        seconds = sorted(second for sample in samples for second in sample.seconds)
        if not seconds:
            raise BenchError("the server answered nothing")
        most = len(seconds) > 1
        cuts = statistics.quantiles(seconds, n=100, method="inclusive") if most else seconds * 99
        return cls(
            turns=len(seconds),
            failures=sum(sample.failures for sample in samples),
            turns_per_second=round(len(seconds) / sum(sample.elapsed for sample in samples), 1),
            p50=round(cuts[len(cuts) // 2] * 1000, 2),
            p99=round(cuts[-1] * 1000, 2),
            cpu=round(cpu_seconds / len(seconds) * 1000, 3),
            cuts=tuple(round(cut * 1000, 2) for cut in cuts),
        )


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a server took: seconds of CPU to start, MB resident before and after."""

    start_cpu: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The engine beside its floor, or beside itself with an empty database.

    ``stored`` is how many sessions the engine has; 0 where the other one is the floor.
    """

    requests: int
    concurrency: int
    engine: Figures
    other: Figures
    footprint: Footprint
    stored: int = 0

    @property
    def names(self) -> tuple[str, str]:
        """What the two are."""
        return (f"{self.stored} sessions", "empty") if self.stored else ("engine", "floor")

    @property
    def ratio(self) -> float:
        """The engine's part of the other's turns a second: 1 would be as many."""
        return round(self.engine.turns_per_second / self.other.turns_per_second, 3)

    @property
    def slower(self) -> float:
        """How many times the other's p50 the engine's is."""
        return round(self.engine.p50 / self.other.p50, 2)

    def as_json(self) -> dict[str, object]:
        """For ``--json``."""
        return {**asdict(self), "ratio": self.ratio, "p50_ratio": self.slower}


async def compare(
    *,
    requests: int,
    concurrency: int,
    workers: int = 1,
    stored: int = 0,
    folder: Path | None = None,
    told: Callable[[str], None],
) -> Comparison:
    """Send ``requests`` to each server, of which the engine has ``workers`` processes.

    With ``stored`` the engine has so many sessions on SQLite, and the other server is the engine
    with none. ``folder`` says on which disk the databases are. Raises `BenchError` and
    `StoreError`.
    """
    with tempfile.TemporaryDirectory(prefix="banli-bench-", dir=folder) as place:
        home, accounts = Path(place), Path(place, "accounts")
        await asyncio.to_thread(accounts.mkdir)
        await asyncio.to_thread((accounts / "bench.toml").write_text, _FILE)
        serve = (*_SERVE, str(accounts), "--workers", str(workers))
        if stored:
            await lay(home, "bench", stored, told)
        async with AsyncExitStack() as stack:
            told("starting both servers")
            other = await stack.enter_async_context(
                running(serve, _environment(home / "empty", private=True))
                if stored
                else running((*_FLOOR, str(accounts), str(home / "floor.db")), _environment(home))
            )
            engine = await stack.enter_async_context(
                running(serve, _environment(home, private=bool(stored)))
            )
            crowd = Crowd(load_accounts(accounts)["bench"], size=concurrency)
            ours, least, took = await _measure(crowd, other, engine, requests, told)
            return Comparison(requests, concurrency, ours, least, took, stored)


def _environment(home: Path, *, private: bool = False) -> dict[str, str]:
    """Where a server has its state; ``private``: and its database, wherever others are."""
    told = {"BANLI_HOME": str(home), "BANLI_LOG_LEVEL": "error"}
    return told | ({"BANLI_DATABASE": f"sqlite:///{home / 'banli.db'}"} if private else {})


async def _measure(
    crowd: Crowd, other: Server, engine: Server, requests: int, told: Callable[[str], None]
) -> tuple[Figures, Figures, Footprint]:
    """The engine's figures, the other's, and what the engine took."""
    start_cpu = engine.cpu_seconds()
    for server in (other, engine):
        await crowd.talk(server.url, requests=WARM_UP)
    before = engine.resident()
    samples, cpu = await _alternate(crowd, other, engine, requests, told)
    took = Footprint(round(start_cpu, 2), round(before, 1), round(engine.resident(), 1))
    ours, least = (Figures.of(samples[each.pid], cpu[each.pid]) for each in (engine, other))
    return ours, least, took


async def _alternate(
    crowd: Crowd, other: Server, engine: Server, requests: int, told: Callable[[str], None]
) -> tuple[dict[int, list[Sample]], dict[int, float]]:
    """The samples and the seconds of CPU, by process."""
    samples: dict[int, list[Sample]] = {other.pid: [], engine.pid: []}
    cpu = dict.fromkeys(samples, 0.0)
    for number in range(ROUNDS):
        told(f"round {number + 1} of {ROUNDS}")
        share = requests // ROUNDS + (number < requests % ROUNDS)
        for server in (other, engine):
            before = server.cpu_seconds()
            samples[server.pid].append(await crowd.talk(server.url, requests=share))
            cpu[server.pid] += server.cpu_seconds() - before
    return samples, cpu
