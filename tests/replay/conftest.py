"""The engine that transcripts are played through, loaded once for all of them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.replay import Played, assemble, play, runs_of
from engine.replay.databases import Databases
from engine.replay.faults import Fault
from engine.replay.troupe import Troupe

HEAD = """\
format: 1
name: 试一试
clock: 2026-11-23T10:00:00
user: {id: u-1, member: 张三}
"""


@pytest.fixture(scope="session")
def troupe() -> Iterator[Troupe]:
    """The trained model, the real scripts, the demo business."""
    with Databases() as databases:
        yield assemble(databases)


@dataclass(frozen=True, slots=True)
class Desk:
    """Writes transcripts to a file and plays them."""

    file: Path
    troupe: Troupe

    def write(self, rest: str, *, top: str = "") -> Path:
        """A transcript of the member 张三; `rest` begins with its steps."""
        self.file.write_text(HEAD + textwrap.dedent(top) + textwrap.dedent(rest), encoding="utf-8")
        return self.file

    async def faults(self, rest: str, *, top: str = "") -> list[Fault]:
        """What is wrong with the first run."""
        return (await self.play(rest, top=top)).faults

    async def play(self, rest: str, *, top: str = "") -> Played:
        """The first run played."""
        return await play(runs_of([self.write(rest, top=top)])[0], self.troupe)

    def line_of(self, part: str) -> int:
        """The line of the file on which a text stands."""
        lines = self.file.read_text("utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if part in line)


@pytest.fixture
def desk(tmp_path: Path, troupe: Troupe) -> Desk:
    """A place to write transcripts at."""
    return Desk(tmp_path / "talk.yaml", troupe)
