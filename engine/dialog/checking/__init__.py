"""Finding what is wrong with scripts before a customer does, with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import jinja2

from engine.business.provider import Business
from engine.dialog.checking import calls, handing, naming, notices, phrases, reach, shape, trained
from engine.dialog.checking.texts import Text, texts
from engine.dialog.errors import Problem, ScriptError
from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.near import did_you_mean
from engine.dialog.wording import words
from engine.nlu.example import Example


def demand(scripts: Scripts, business: Business) -> None:
    """Raise `ScriptError` with every problem that keeps the scripts from being used, or return."""
    problems = [found for found in check(scripts, business) if not found.is_warning]
    if problems:
        raise ScriptError(problems)


def check(
    scripts: Scripts, business: Business, *, examples: Iterable[Example] | None = None
) -> list[Problem]:
    """Every problem of the scripts: unknown names, wrong calls, questions that cannot be asked.

    ``examples`` are the training phrases, where they are to be looked at.
    """
    problems = [
        *phrases.problems(scripts),
        *_titles(scripts),
        *notices.problems(scripts, business),
        *_next(scripts),
    ]
    for intent, script in scripts.by_intent.items():
        document = scripts.documents[intent]
        problems += naming.problems(script, document)
        problems += calls.problems(script, document, business)
        problems += shape.problems(script, document)
        problems += reach.problems(script, document)
        problems += handing.problems(scripts, script, document)
    # Looks into every text: all have been read by then, each once.
    problems += _carried(scripts)
    if examples is not None:
        problems += trained.problems(scripts, examples)
    return sorted(set(problems))


def _titles(scripts: Scripts) -> Iterator[Problem]:
    """Two businesses of one name could not be told apart in a menu."""
    seen: dict[str, str] = {}
    for intent, script in scripts.by_intent.items():
        document = scripts.documents[intent]
        if script.title in seen:
            other = scripts.documents[seen[script.title]].file.name
            yield document.problem(("title",), f"{other} has the same title {script.title}")
        seen.setdefault(script.title, intent)


def _next(scripts: Scripts) -> Iterator[Problem]:
    """Businesses that are offered must be there."""
    for intent, script in scripts.by_intent.items():
        for place, refusal in shape.all_refusals(script):
            for name in refusal.next:
                if name not in scripts.by_intent:
                    near = did_you_mean(name, scripts.by_intent)
                    message = f"next: there is no business `{name}`{near}"
                    yield scripts.documents[intent].problem((*place, "next"), message)


def _carried(scripts: Scripts) -> Iterator[Problem]:
    """What a script takes over must be given by one."""
    given = {name for script in scripts.by_intent.values() for name in script.answer.gives}
    for intent, script in scripts.by_intent.items():
        for text in texts(script):
            for name in sorted(_taken_over(text) - given):
                fault = f"{text.key}: no script gives `{name}`{did_you_mean(name, given)}"
                yield scripts.documents[intent].problem(text.place, fault)


def _taken_over(text: Text) -> set[str]:
    try:
        columns = words.columns_in(text.text, expression=text.is_expression)
    except jinja2.TemplateSyntaxError:
        return set()
    return {column for name, column in columns if name == "carried"}
