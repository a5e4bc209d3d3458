"""What is counted and timed while serving, for Prometheus to fetch from `/metrics`.

Names and labels are listed in `docs/operations.md`. No label holds anything of a customer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)

#: Seconds. The platform waits for 5, so what matters is far below and right above.
_TURN = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.5, 10)
#: Seconds of work for a second of sound.
_RATIO = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2)

#: How prometheus-client is told of the folder.
_SHARED = "PROMETHEUS_MULTIPROC_DIR"


def share(folder: Path) -> None:
    """Count in files of a folder from now on, so that each of several processes tells of all.

    What a process that has died had counted stays counted.
    """
    os.environ[_SHARED] = str(folder)
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]


def forget(pid: int) -> None:
    """A process that shared has died: nothing is in its hands any more."""
    multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


class Meters:
    """The figures of one process, or of all that share a folder."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        stages = Histogram(
            "banli_stage_seconds",
            "Time in the stages of a turn; `turn` is all of it.",
            ["stage"],
            buckets=_TURN,
            registry=self._registry,
        )
        self._stages = cache(stages.labels)
        self._turns = self._counter("turns", "Turns, by what decided them.", "account", "rule")
        self._intents = self._counter("intents", "What messages were taken for.", "intent")
        self._repairs = self._counter("repairs", "What was put right.", "repair")
        self._effects = self._counter("effects", "Effects that are done.", "effect")
        self._refusals = self._counter("refusals", "What the business refused.", "reason")
        self._clashes = self._counter("clashes", "Turns begun anew after another was first.")
        self._unheard = self._counter("unheard", "Voice messages not heard.", "trouble")
        self._hearing = Histogram(
            "banli_hearing_ratio",
            "Seconds of work for each second of a voice message.",
            buckets=_RATIO,
            registry=self._registry,
        )
        works = "Works in hand, those that wait for a place included, by pool."
        self._pools = self._gauge("pool", works, "pool", of="livesum")
        self._depths = self._gauge("waiting", "What waits, by where.", "where", of="mostrecent")
        overdue = "How long the oldest reply is overdue."
        self._age = self._gauge("outbox_age_seconds", overdue, of="mostrecent")

    def _counter(self, name: str, what: str, *labels: str) -> Callable[..., Counter]:
        """The counter of some labels: looked up once, for every turn needs a few."""
        counter = Counter(f"banli_{name}", what, labels, registry=self._registry)
        return cache(counter.labels) if labels else lambda: counter

    def _gauge(
        self, name: str, what: str, *labels: str, of: Literal["livesum", "mostrecent"]
    ) -> Gauge:
        return Gauge(f"banli_{name}", what, labels, registry=self._registry, multiprocess_mode=of)

    def stages(self, seconds: dict[str, float]) -> None:
        """The time of a turn, by stage."""
        for stage, took in seconds.items():
            self._stages(stage).observe(took)

    def turn(self, account: str, rule: str, intent: str) -> None:
        """A finished turn."""
        self._turns(account, rule).inc()
        self._intents(intent).inc()

    def happened(self, *, repair: str = "", effect: str = "", refusal: str = "") -> None:
        """What came of a turn; nothing is counted for what is empty."""
        for counter, label in (
            (self._repairs, repair),
            (self._effects, effect),
            (self._refusals, refusal),
        ):
            if label:
                counter(label).inc()

    def clash(self) -> None:
        """A turn has to begin anew."""
        self._clashes().inc()

    def heard(self, work: float, sound: float) -> None:
        """A voice message of ``sound`` seconds took ``work`` seconds."""
        self._hearing.observe(work / max(sound, 0.1))

    def unheard(self, trouble: str) -> None:
        """A voice message was not heard."""
        self._unheard(trouble).inc()

    @contextmanager
    def in_pool(self, pool: str) -> Iterator[None]:
        """The block is a work of a pool, and waits for its place in it."""
        self._pools.labels(pool).inc()
        try:
            yield
        finally:
            self._pools.labels(pool).dec()

    def waiting(self, depths: dict[str, int], *, outbox_age: float) -> None:
        """How much waits at this moment, by where, and for how long: seconds."""
        for where, depth in depths.items():
            self._depths.labels(where).set(depth)
        self._age.set(outbox_age)

    def exposition(self) -> bytes:
        """Everything, in the text format of Prometheus 0.0.4."""
        registry = self._registry
        if _SHARED in os.environ:
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)


class Stopwatch:
    """Times of stages, in seconds; a stage that is entered again adds up."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """The block is this stage, whether it ends well or raises."""
        began = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - began
