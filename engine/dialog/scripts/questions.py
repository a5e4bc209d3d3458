"""Files of questions and answers: data that a script with ``answer.faq`` names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from engine import assets
from engine.dialog.errors import Problem, ScriptError
from engine.dialog.scripts.closing import FaqOf
from engine.dialog.scripts.validating import validated
from engine.dialog.scripts.yaml_lines import Document
from engine.nlu.faq import Entry, Faq

_SUFFIXES = (".yaml", ".yml")


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(_Data):
    """One entry of a file. ``source`` says where the answer is written, and of which date."""

    id: str = Field(pattern=r"^[A-Za-z]\w*$")
    questions: tuple[str, ...] = Field(min_length=1)
    answer: str
    source: str = ""


class Questions(_Data):
    """A file of entries; what it says of the source holds for entries that name none."""

    intent: str = ""
    source: str = ""
    entries: tuple[Question, ...]


def read_faq(declared: FaqOf, script: Document) -> Faq:
    """The entries that a script names, ready to be searched.

    Raises `ScriptError` with every problem found, each with file and line.
    """
    problems: list[Problem] = []
    entries: dict[str, Entry] = {}
    for file in _files(declared, script):
        try:
            document = Document.read(file)
            questions = validated(document, Questions)
        except ScriptError as error:
            problems += error.problems
            continue
        for number, each in enumerate(questions.entries):
            place = ("entries", number, "id")
            if each.id in entries:
                problems.append(document.problem(place, f"`{each.id}` stands twice"))
            source = each.source or questions.source
            if not source:
                problems.append(document.problem(place, f"`{each.id}` has no source"))
            entries[each.id] = Entry(each.id, each.questions, each.answer, source)
    if problems:
        raise ScriptError(problems)
    return Faq(entries.values())


def _files(declared: FaqOf, script: Document) -> Iterator[Path]:
    for number, name in enumerate(declared.entries):
        path = script.file.parent / name
        if not path.exists():
            path = assets.dialogs() / name
        found = sorted(f for f in path.glob("*") if f.suffix in _SUFFIXES)
        if path.is_file():
            yield path
        elif found:
            yield from found
        else:
            place = ("answer", "faq", "entries", number)
            raise ScriptError([script.problem(place, f"entries: there are none in {name}")])
