"""Measuring turns beside the floor."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

from engine.bench.client import Sample, openid
from engine.bench.plot import times
from engine.bench.server import BenchError, running
from engine.bench.stored import lay
from engine.bench.turns import Comparison, Figures, Footprint, compare
from engine.dialog.state.session import decode
from engine.settings import Settings
from engine.store import sessions
from engine.store.opening import open_store


async def test_both_servers_answer_every_message() -> None:
    steps: list[str] = []
    comparison = await compare(requests=10, concurrency=2, workers=2, told=steps.append)
    assert (comparison.engine.turns, comparison.engine.failures) == (10, 0)
    assert (comparison.other.turns, comparison.other.failures) == (10, 0)
    assert len(steps) == 5
    took = comparison.footprint
    assert min(took.start_cpu, took.before, took.after) > 0


async def test_an_engine_with_sessions_is_measured_beside_an_empty_one(tmp_path: Path) -> None:
    steps: list[str] = []
    comparison = await compare(
        requests=4, concurrency=1, stored=30, folder=tmp_path, told=steps.append
    )
    assert steps[:2] == ["sessions 1 to 30", "starting both servers"]
    assert comparison.names == ("30 sessions", "empty")
    assert (comparison.engine.failures, comparison.other.failures) == (0, 0)


async def test_the_crowd_has_the_sessions_that_were_stored(tmp_path: Path) -> None:
    await lay(tmp_path, "bench", 3, lambda step: None)
    async with await open_store(Settings(home=tmp_path)) as store, store.reading() as connection:
        found = [
            await sessions.load(connection, account="bench", openid=openid(number))
            for number in range(1, 5)
        ]
    assert [stored.version for stored in found] == [1, 1, 1, 0]
    assert decode(found[0].state).last


def test_a_picture_has_a_line_for_each_server(tmp_path: Path) -> None:
    file = tmp_path / "times.png"
    times({"engine": [*range(1, 100)], "floor": [1.0] * 99}, file)
    with Image.open(file) as picture:
        colours = {colour for _, colour in picture.getcolors(1 << 16) or []}
    assert {(0x24, 0x63, 0xAF), (0xBE, 0x30, 0x28)} <= colours


def test_figures_are_over_all_rounds_together() -> None:
    fast = Sample(seconds=[0.01] * 98, elapsed=1.0)
    slow = Sample(seconds=[0.1] * 2, failures=1, elapsed=1.0)
    assert Figures.of([fast, slow], cpu_seconds=0.5) == Figures(
        turns=100,
        failures=1,
        turns_per_second=50.0,
        p50=10.0,
        p99=100.0,
        cpu=5.0,
        cuts=(10.0,) * 97 + (11.8, 100.0),
    )


def test_the_ratio_is_the_part_of_the_floor_that_the_engine_reaches() -> None:
    floor = Figures(10, 0, 200.0, 1, 1, 1)
    engine = Figures(10, 0, 50.0, 1, 1, 1)
    told = Comparison(10, 1, engine, floor, Footprint(1, 1, 1)).as_json()
    assert (told["ratio"], told["p50_ratio"]) == (0.25, 1)


def test_a_server_that_answers_nothing_has_no_figures() -> None:
    with pytest.raises(BenchError):
        Figures.of([Sample(failures=3, elapsed=1.0)], cpu_seconds=1.0)


async def test_a_server_that_does_not_start_leaves_its_last_words() -> None:
    with pytest.raises(BenchError, match="no model"):
        async with running(("-c", "import sys; sys.exit('no model')"), {}):
            pytest.fail(f"{sys.executable} serves nothing")
