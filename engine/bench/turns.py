"""`banli bench turns`: turns of the real engine and of the floor, in alternation."""

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
    """What was measured of one server; times in milliseconds."""

    turns: int
    failures: int
    turns_per_second: float
    p50: float
    p99: float
    cpu: float

    @classmethod
    def of(cls, samples: list[Sample], cpu_seconds: float) -> Figures:
        """The figures of all rounds together. Raises `BenchError` when nothing was answered."""
        seconds = sorted(second for sample in samples for second in sample.seconds)
        if not seconds:
            raise BenchError("the server answered nothing")
        cuts = statistics.quantiles(seconds, n=100, method="inclusive") if seconds[1:] else seconds
        return cls(
            turns=len(seconds),
            failures=sum(sample.failures for sample in samples),
            turns_per_second=round(len(seconds) / sum(sample.elapsed for sample in samples), 1),
            p50=round(cuts[len(cuts) // 2] * 1000, 2),
            p99=round(cuts[-1] * 1000, 2),
            cpu=round(cpu_seconds / len(seconds) * 1000, 3),
        )


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a server took: seconds of CPU to start, MB resident before and after."""

    start_cpu: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The engine beside its floor. ``ratio`` is the engine's part of the floor's turns a second."""

    requests: int
    concurrency: int
    engine: Figures
    floor: Figures
    footprint: Footprint

    @property
    def ratio(self) -> float:
        """1 would be an engine that costs nothing."""
        return round(self.engine.turns_per_second / self.floor.turns_per_second, 3)

    def as_json(self) -> dict[str, object]:
        """For ``--json``."""
        return {**asdict(self), "ratio": self.ratio}


async def compare(
    *,
    requests: int,
    concurrency: int,
    workers: int = 1,
    folder: Path | None = None,
    told: Callable[[str], None],
) -> Comparison:
    """Send ``requests`` to each server, of which the engine has ``workers`` processes.

    ``folder`` says on which disk the databases are.
    """
    with tempfile.TemporaryDirectory(prefix="banli-bench-", dir=folder) as home:
        accounts = Path(home, "accounts")
        await asyncio.to_thread(accounts.mkdir)
        await asyncio.to_thread((accounts / "bench.toml").write_text, _FILE)
        environment = {"BANLI_HOME": home, "BANLI_LOG_LEVEL": "error"}
        async with AsyncExitStack() as stack:
            told("starting both servers")
            floor = await stack.enter_async_context(
                running((*_FLOOR, str(accounts), str(Path(home, "floor.db"))), environment)
            )
            engine = await stack.enter_async_context(
                running((*_SERVE, str(accounts), "--workers", str(workers)), environment)
            )
            start_cpu = engine.cpu_seconds()
            crowd = Crowd(load_accounts(accounts)["bench"], size=concurrency)
            for server in (floor, engine):
                await crowd.talk(server.url, requests=WARM_UP)
            before = engine.resident()
            samples, cpu = await _alternate(crowd, floor, engine, requests, told)
            took = Footprint(round(start_cpu, 2), round(before, 1), round(engine.resident(), 1))
            ours, least = (Figures.of(samples[each.pid], cpu[each.pid]) for each in (engine, floor))
            return Comparison(requests, concurrency, ours, least, took)


async def _alternate(
    crowd: Crowd, floor: Server, engine: Server, requests: int, told: Callable[[str], None]
) -> tuple[dict[int, list[Sample]], dict[int, float]]:
    """The samples and the seconds of CPU, by process."""
    samples: dict[int, list[Sample]] = {floor.pid: [], engine.pid: []}
    cpu = dict.fromkeys(samples, 0.0)
    for number in range(ROUNDS):
        told(f"round {number + 1} of {ROUNDS}")
        share = requests // ROUNDS + (number < requests % ROUNDS)
        for server in (floor, engine):
            before = server.cpu_seconds()
            samples[server.pid].append(await crowd.talk(server.url, requests=share))
            cpu[server.pid] += server.cpu_seconds() - before
    return samples, cpu
