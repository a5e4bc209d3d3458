"""A fault of a run: where, what was expected, what came."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from engine.replay.reading import Source


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as the transcript says. ``step`` counts from 1; 0 is after the last."""

    file: Path
    line: int
    step: int
    what: str
    expected: str
    came: str

    @classmethod
    def at_step(cls, source: Source, index: int, what: str, expected: object, came: object) -> Self:
        """A fault of a step; ``what`` is a key of its `expect`, or of the step itself."""
        expectation = ("expect", *what.split(".")) if what != "click" else ()
        line = source.line("steps", index, *expectation)
        return cls(source.file, line, index + 1, what, str(expected), str(came))

    @classmethod
    def at_end(cls, source: Source, what: str, expected: object, came: object) -> Self:
        """A fault of the whole conversation; ``what`` begins with a key of the transcript."""
        line = source.line(what.split(".")[0])
        return cls(source.file, line, 0, what, str(expected), str(came))
