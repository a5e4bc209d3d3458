"""Reading the scripts of a folder, with errors that name file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from engine.dialog.errors import Problem, ScriptError
from engine.dialog.phrases import Phrases
from engine.dialog.script import Script
from engine.dialog.yaml_lines import Document

Model = TypeVar("Model", bound=BaseModel)

#: The file of the dialog's own words beside the scripts.
PHRASES = "phrases.yaml"


@dataclass(frozen=True, slots=True)
class Scripts:
    """The scripts of one account by intent, in menu order, and the dialog's own words."""

    by_intent: Mapping[str, Script]
    phrases: Phrases
    documents: Mapping[str, Document]

    def get(self, intent: str) -> Script | None:
        """The script that an intent starts."""
        return self.by_intent.get(intent)


def load(folder: Path, *, only: Iterable[str] = ()) -> Scripts:
    """Read every script of a folder, or those named in ``only`` (file names without ``.yaml``).

    Raises `ScriptError` with every problem found, each with file and line.
    """
    problems: list[Problem] = []
    scripts: dict[str, Script] = {}
    documents: dict[str, Document] = {}
    for file in _files(folder, tuple(only)):
        try:
            document = Document.read(file)
            script = _validated(document, Script)
        except ScriptError as error:
            problems += error.problems
            continue
        if script.intent in scripts:
            other = documents[script.intent].file.name
            problems.append(document.problem(("intent",), f"{other} has the same intent"))
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
        scripts[script.intent] = script.model_copy(update={"version": digest})
        documents[script.intent] = document
    if problems:
        raise ScriptError(problems)
    phrases = _validated(Document.read(folder / PHRASES), Phrases)
    return Scripts(scripts, phrases, documents)


def _files(folder: Path, only: tuple[str, ...]) -> list[Path]:
    if only:
        return [folder / f"{name}.yaml" for name in only]
    files = sorted(file for file in folder.glob("*.yaml") if file.name != PHRASES)
    if not files:
        raise ScriptError([Problem(folder, 0, "holds no scripts (*.yaml)")])
    return files


def _validated(document: Document, model: type[Model]) -> Model:
    try:
        return model.model_validate(document.content)
    except ValidationError as error:
        raise ScriptError(
            [
                document.problem(found["loc"], _sentence(found["loc"], found["msg"]))
                for found in error.errors()
            ]
        ) from error


def _sentence(place: tuple[str | int, ...], message: str) -> str:
    where = ".".join(str(part) for part in place) or "the file"
    known = {
        "Extra inputs are not permitted": "is not a known key",
        "Field required": "is missing",
    }
    return f"{where}: {known.get(message, message)}"
