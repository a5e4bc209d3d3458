"""Reading scripts and models anew while serving."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.store import Store
from engine.web.reloading import look, reload, reloading, watch
from tests.web.fakes import FakeEngine


@pytest.fixture
def engine(store: Store, tmp_path: Path) -> FakeEngine:
    (tmp_path / "a.yaml").write_text("one", "utf-8")
    return FakeEngine(store, {}, {}, folders=frozenset({tmp_path}))


async def watched(engine: FakeEngine, *edits: Callable[[], object]) -> None:
    """Watch through as many pauses as there are edits, each made during one of them."""
    left = list(edits)

    async def pause() -> None:
        if not left:
            raise asyncio.CancelledError
        left.pop(0)()

    with pytest.raises(asyncio.CancelledError):
        await watch(engine, pause=pause)


def nothing() -> None:
    """No edit."""


async def test_a_signal_reloads(engine: FakeEngine) -> None:
    async with reloading(engine, watches=False):
        os.kill(os.getpid(), signal.SIGHUP)
        await engine.reloaded.wait()
    assert engine.reloads == 1


async def test_files_that_have_changed_are_read_once_they_stand_still(
    engine: FakeEngine, tmp_path: Path
) -> None:
    file = tmp_path / "a.yaml"
    seen = []

    def edit(text: str) -> Callable[[], object]:
        def write() -> None:
            seen.append(engine.reloads)
            file.write_text(text, "utf-8")

        return write

    await watched(engine, nothing, edit("twofold"), edit("three times"), nothing, nothing)
    assert seen == [0, 0]
    assert engine.reloads == 1


async def test_new_and_deleted_files_are_seen(engine: FakeEngine, tmp_path: Path) -> None:
    new = tmp_path / "b.yaml"
    await watched(engine, lambda: new.write_text("b", "utf-8"), nothing, new.unlink, nothing)
    assert engine.reloads == 2


async def test_what_is_not_right_is_told_and_the_watch_goes_on(engine: FakeEngine) -> None:
    async def fails() -> None:
        raise ValueError("a.yaml:3: wrong")

    engine.reload = fails  # type: ignore[method-assign]
    await reload(engine)


def test_a_folder_that_is_gone_has_no_files(tmp_path: Path) -> None:
    assert look(frozenset({tmp_path / "none"})) == {}
