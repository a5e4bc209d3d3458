"""Measuring turns beside the floor."""

from __future__ import annotations

import sys

import pytest

from engine.bench.client import Sample
from engine.bench.server import BenchError, running
from engine.bench.turns import Comparison, Figures, Footprint, compare


async def test_both_servers_answer_every_message() -> None:
    steps: list[str] = []
    comparison = await compare(requests=10, concurrency=2, workers=2, told=steps.append)
    assert (comparison.engine.turns, comparison.engine.failures) == (10, 0)
    assert (comparison.floor.turns, comparison.floor.failures) == (10, 0)
    assert len(steps) == 5
    took = comparison.footprint
    assert min(took.start_cpu, took.before, took.after) > 0


def test_figures_are_over_all_rounds_together() -> None:
    fast = Sample(seconds=[0.01] * 98, elapsed=1.0)
    slow = Sample(seconds=[0.1] * 2, failures=1, elapsed=1.0)
    assert Figures.of([fast, slow], cpu_seconds=0.5) == Figures(
        turns=100, failures=1, turns_per_second=50.0, p50=10.0, p99=100.0, cpu=5.0
    )


def test_the_ratio_is_the_part_of_the_floor_that_the_engine_reaches() -> None:
    floor = Figures(10, 0, 200.0, 1, 1, 1)
    engine = Figures(10, 0, 50.0, 1, 1, 1)
    assert Comparison(10, 1, engine, floor, Footprint(1, 1, 1)).as_json()["ratio"] == 0.25


def test_a_server_that_answers_nothing_has_no_figures() -> None:
    with pytest.raises(BenchError):
        Figures.of([Sample(failures=3, elapsed=1.0)], cpu_seconds=1.0)


async def test_a_server_that_does_not_start_leaves_its_last_words() -> None:
    with pytest.raises(BenchError, match="no model"):
        async with running(("-c", "import sys; sys.exit('no model')"), {}):
            pytest.fail(f"{sys.executable} serves nothing")
