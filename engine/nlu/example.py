"""A phrase with its intent and the entities marked in it, as every format of phrases gives it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.nlu.errors import DatasetError


@dataclass(frozen=True, slots=True)
class Annotation:
    """An entity marked in an example at ``text[start:end]``; ``value`` is None when not given."""

    type: str
    start: int
    end: int
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One phrase with its intent, and the file and line it comes from."""

    text: str
    intent: str
    entities: tuple[Annotation, ...]
    path: Path
    line: int


def example(
    text: str, intent: str, entities: tuple[Annotation, ...], path: Path, line: int
) -> Example:
    """An example whose parts are checked; raises `DatasetError`."""
    if not text.strip():
        raise DatasetError(path, line, "an example is empty")
    if not intent.strip():
        raise DatasetError(path, line, "an example has no intent")
    for entity in entities:
        if not 0 <= entity.start < entity.end <= len(text):
            span = f"{entity.start}:{entity.end}"
            raise DatasetError(path, line, f"entity {entity.type} {span} is outside the text")
    return Example(text, intent, entities, path, line)
