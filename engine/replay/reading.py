"""Reading transcripts from files, with errors that name file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from engine.dialog.errors import Problem, ScriptError
from engine.dialog.scripts.yaml_lines import Document, Place
from engine.replay.errors import TranscriptError
from engine.replay.transcript import Transcript

_KNOWN = {
    "Extra inputs are not permitted": "is not a known key",
    "Field required": "is missing",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A transcript with the file that it stands in."""

    file: Path
    transcript: Transcript
    document: Document

    def line(self, *place: str | int) -> int:
        """The line of a place in the file, or of what is around it."""
        return self.document.problem(place, "").line


def find(paths: Iterable[Path]) -> list[Path]:
    """The transcripts among files and folders. Raises `TranscriptError` where there are none."""
    found: list[Path] = []
    for path in paths:
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not files:
            raise TranscriptError(f"{path}: holds no transcripts (*.yaml)")
        found += files
    return found


def read(file: Path, text: str | None = None) -> Source:
    """Read a transcript, or a ``text`` as if it stood in the file.

    Raises `TranscriptError` with every problem, each with file and line.
    """
    try:
        document = Document.read(file) if text is None else Document.of(file, text)
        transcript = Transcript.model_validate(_with_world(document))
    except ScriptError as error:
        raise TranscriptError(str(error)) from error
    except ValidationError as error:
        raise TranscriptError(_told(document, error)) from error
    return Source(file, transcript, document)


def _with_world(document: Document) -> object:
    """The content, with the world from the file that it names."""
    content = document.content
    if not isinstance(content, dict) or not isinstance(content.get("world"), str):
        return content
    file = document.file.parent / content["world"]
    if not file.is_file():
        problem = document.problem(("world",), f"world: there is no file {file}")
        raise ScriptError([Problem(problem.file, problem.line, problem.message)])
    return {**content, "world": Document.read(file).content}


def _told(document: Document, error: ValidationError) -> str:
    """Every problem on a line of its own, without those that only follow from one further in."""
    found = {each["loc"]: each["msg"] for each in error.errors()}
    around = {place[:depth] for place in found for depth in range(len(place))}
    problems = [
        document.problem(place, _sentence(place, message))
        for place, message in found.items()
        if place not in around
    ]
    return "\n".join(map(str, sorted(problems)))


def _sentence(place: Place, message: str) -> str:
    where = ".".join(str(part) for part in place) or "the file"
    return f"{where}: {_KNOWN.get(message, message.removeprefix('Value error, '))}"
