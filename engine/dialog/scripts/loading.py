"""Reading the scripts of a folder, with errors that name file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine import assets
from engine.dialog.errors import Problem, ScriptError
from engine.dialog.scripts.phrases import Phrases
from engine.dialog.scripts.questions import read_faq
from engine.dialog.scripts.script import Script
from engine.dialog.scripts.validating import validated
from engine.dialog.scripts.yaml_lines import Document
from engine.dialog.wording import words
from engine.nlu.faq import Faq
from engine.nlu.grammar.fold import fold

#: Right before the last word of a cue: this is not wanted.
_NOT = ("不", "别", "甭")

#: The file of the dialog's own words beside the scripts.
PHRASES = "phrases.yaml"


@dataclass(frozen=True, slots=True)
class Scripts:
    """The scripts of one account by intent, in menu order, and the dialog's own words.

    ``former`` are those that were in use before, by intent and version: tasks end with what they
    began with.
    """

    by_intent: Mapping[str, Script]
    phrases: Phrases
    documents: Mapping[str, Document]
    phrases_document: Document
    former: Mapping[tuple[str, str], Script] = field(default_factory=dict)
    faqs: Mapping[str, Faq] = field(default_factory=dict)

    def get(self, intent: str) -> Script | None:
        """The script that an intent starts."""
        return self.by_intent.get(intent)

    @property
    def listed(self) -> tuple[Script, ...]:
        """The scripts that menus show."""
        return tuple(script for script in self.by_intent.values() if script.menu)

    def of_notice(self, name: str) -> Script | None:
        """The script that has words for a notice of the company."""
        return next((s for s in self.by_intent.values() if name in s.notices), None)

    @property
    def follow_anything(self) -> bool:
        """Whether customers can follow something that the company's systems tell about."""
        return any(script.answer.follow for script in self.by_intent.values())

    def called(self, text: str) -> Script | None:
        """The script whose very title or example this is."""
        names = ((script, (script.title, script.example)) for script in self.by_intent.values())
        return next((script for script, known in names if text in known), None)

    def version(self, intent: str, version: str) -> Script | None:
        """The script of a task: the version it began with; None where nobody has it any more."""
        now = self.by_intent.get(intent)
        if now is not None and version == now.version:
            return now
        return self.former.get((intent, version))

    def after(self, former: Scripts) -> Scripts:
        """These scripts in the place of others, which are kept for the tasks that use them."""
        then = {(script.intent, script.version): script for script in former.by_intent.values()}
        return replace(self, former={**former.former, **then})

    def branch(self, intent: str, text: str, running: str) -> str:
        """The business within ``intent`` whose cue stands in a text, or nothing.

        Without an intent it may lie within any. While the other business is ``running`` its words
        are mostly about it.
        """
        folded = fold(text)
        found = [
            (len(cue), script.intent)
            for script in self.by_intent.values()
            if (intent in script.within or not intent)
            and (script.aside or running not in script.within)
            for cue in script.cues
            if any(_is_meant(cue, said) for said in {text, folded})
        ]
        return max(found)[1] if found else ""


def _is_meant(cue: str, text: str) -> bool:
    """Whether a cue stands in a text, and not as what is not wanted: 「值机不撤了」."""
    match = words.cue(cue).search(text)
    last = cue.rpartition("…")[2]
    return match is not None and ("…" not in cue or match[0][: -len(last)][-1:] not in _NOT)


def load(folder: Path, *, only: Iterable[str] = ()) -> Scripts:
    """Read every script of a folder, or those named in ``only`` (file names without ``.yaml``).

    A folder without `phrases.yaml` uses the one that travels with the program.
    Raises `ScriptError` with every problem found, each with file and line.
    """
    problems: list[Problem] = []
    scripts: dict[str, Script] = {}
    documents: dict[str, Document] = {}
    faqs: dict[str, Faq] = {}
    for file in _files(folder, tuple(only)):
        try:
            document = Document.read(file)
            script = validated(document, Script)
            if script.answer.faq is not None:
                faqs[script.intent] = read_faq(script.answer.faq, document)
        except ScriptError as error:
            problems += error.problems
            continue
        if script.intent in scripts:
            other = documents[script.intent].file.name
            problems.append(document.problem(("intent",), f"{other} has the same intent"))
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
        scripts[script.intent] = script.model_copy(update={"version": digest})
        documents[script.intent] = document
    try:
        own = folder / PHRASES
        said = Document.read(own if own.exists() else assets.dialogs() / PHRASES)
        phrases = validated(said, Phrases)
    except ScriptError as error:
        problems += error.problems
    if problems:
        raise ScriptError(problems)
    return Scripts(scripts, phrases, documents, said, faqs=faqs)


def _files(folder: Path, only: tuple[str, ...]) -> list[Path]:
    if only:
        return [folder / f"{name}.yaml" for name in only]
    files = sorted(file for file in folder.glob("*.yaml") if file.name != PHRASES)
    if not files:
        raise ScriptError([Problem(folder, 0, "holds no scripts (*.yaml)")])
    return files
