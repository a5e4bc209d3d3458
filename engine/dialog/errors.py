"""What the dialog room raises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class DialogError(Exception):
    """Base of what the dialog room raises.

    DialogError
    ├── ScriptError   scripts that cannot be used; carries every problem with its file and line
    └── WordsError    a text of a script that fails with what it is given
    """


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a script: where it is and what to do about it; line 0 is the file as a whole.

    A warning is worth a look, but does not keep the scripts from being used.
    """

    file: Path
    line: int
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        note = "warning: " if self.is_warning else ""
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {note}{self.message}"


class ScriptError(DialogError):
    """Scripts that cannot be used, with every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in sorted(problems)))
        self.problems = sorted(problems)


class WordsError(DialogError):
    """A text of a script that fails with what it is given."""

    def __init__(self, text: str, cause: Exception) -> None:
        super().__init__(f"{text!r}: {cause}")
        self.text = text
