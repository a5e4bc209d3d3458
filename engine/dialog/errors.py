"""What the dialog room raises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class DialogError(Exception):
    """Base of what the dialog room raises.

    DialogError
    └── ScriptError   scripts that cannot be used; carries every problem with its file and line
    """


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a script: where it is and what to do about it."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ScriptError(DialogError):
    """Scripts that cannot be used, with every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in sorted(problems)))
        self.problems = sorted(problems)
