"""Finding what is wrong with scripts before a customer does, with file and line."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import jinja2

from engine.business.provider import Business
from engine.dialog import words
from engine.dialog.errors import Problem, ScriptError
from engine.dialog.loading import Scripts
from engine.dialog.script import Closing, Script
from engine.dialog.yaml_lines import Document, Place

#: Names that every text of a script may use beside its slots.
_ALWAYS = frozenset({"member", "now"})
#: Names that some places add: rows of queries, results of effects, facts of refusals.
_MORE = {
    "label": {"row"},
    "resolve": {"said"},
    "refused": {"said"},
    "answer": {"row", "rows", "result"},
    "picture": {"row", "result"},
}
#: Keys whose text is an expression rather than words.
_EXPRESSIONS = frozenset({"when", "default", "offer", "model", "words"})
#: Keys whose text is said, and so may hold names.
_WORDS = frozenset({"ask", "say", "why", "confirm", "label", "link", "opening", "none"})


def demand(scripts: Scripts, business: Business) -> None:
    """Raise `ScriptError` with every problem, or return."""
    problems = check(scripts, business)
    if problems:
        raise ScriptError(problems)


def check(scripts: Scripts, business: Business) -> list[Problem]:
    """Every problem of the scripts: unknown names, wrong calls, questions that cannot be asked."""
    return sorted(
        problem
        for intent, script in scripts.by_intent.items()
        for problem in _problems(script, scripts.documents[intent], business)
    )


def _problems(script: Script, document: Document, business: Business) -> Iterator[Problem]:
    content = document.content
    yield from _texts(script, document)
    for place, call in _calls(content, ()):
        yield from _call(document, place, call, business)
    for name, slot in script.slots.items():
        at: Place = ("slots", name)
        for other in (*slot.also, *_cleared(content["slots"][name])):
            if other not in script.slots:
                yield document.problem(at, f"{name}: there is no slot `{other}`")
        if slot.ask and not slot.type and not slot.options:
            yield document.problem(at, f"{name}: is asked for, but has no `type` to answer with")
        if slot.options and not slot.ask and not slot.options.label:
            yield document.problem(at, f"{name}: has several options but no question")
    yield from _closing(script.answer, script, document)


def _closing(answer: Closing, script: Script, document: Document) -> Iterator[Problem]:
    for reason, refusal in answer.refused.items():
        for slot in refusal.clear:
            if slot not in script.slots:
                place: Place = ("answer", "refused", reason)
                yield document.problem(place, f"{reason}: there is no slot `{slot}` to clear")


def _cleared(content: Any) -> Iterator[str]:
    """Every slot named under a `clear` key anywhere below."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            if key == "clear":
                yield from [value] if isinstance(value, str) else value
            else:
                yield from _cleared(value)
    elif isinstance(content, list):
        for item in content:
            yield from _cleared(item)


def _texts(script: Script, document: Document) -> Iterator[Problem]:
    """Texts that do not parse or use a name that nothing gives."""
    for place, key, text in _strings(document.content, (), ""):
        is_expression = key in _EXPRESSIONS or "with" in place[:-1]
        if not is_expression and key not in _WORDS and "{{" not in text:
            continue
        try:
            names = words.names_in(text, expression=is_expression)
        except jinja2.TemplateSyntaxError as error:
            yield document.problem(place, f"{key}: {error.message}: {text!r}")
            continue
        for name in sorted(names - _known(script, place)):
            if not _gives_facts(place):
                yield document.problem(place, f"{key}: nothing is called `{name}` here")


def _known(script: Script, place: Place) -> frozenset[str]:
    more = {name for key, names in _MORE.items() if key in place for name in names}
    return _ALWAYS | set(script.slots) | more


def _gives_facts(place: Place) -> bool:
    """Refusals bring facts, and labels the columns of a row, that only the business knows."""
    return bool({"refused", "label"} & set(place))


def _strings(content: Any, place: Place, key: str) -> Iterator[tuple[Place, str, str]]:
    if isinstance(content, str):
        yield place, key, content
    elif isinstance(content, Mapping):
        for name, value in content.items():
            yield from _strings(value, (*place, name), name)
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from _strings(value, (*place, index), key)


def _calls(content: Any, place: Place) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    if isinstance(content, Mapping):
        if "query" in content or "effect" in content:
            yield place, content
        for name, value in content.items():
            yield from _calls(value, (*place, name))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from _calls(value, (*place, index))


def _call(
    document: Document, place: Place, call: Mapping[str, Any], business: Business
) -> Iterator[Problem]:
    kind = "query" if "query" in call else "effect"
    name = str(call[kind])
    known = business.queries if kind == "query" else business.effects
    function = known.get(name)
    if function is None:
        near = _near(name, known)
        yield document.problem((*place, kind), f"the business has no {kind} `{name}`{near}")
        return
    parameters = list(inspect.signature(function).parameters.values())[1:]
    given = set(call.get("with", {}))
    for extra in sorted(given - {parameter.name for parameter in parameters}):
        yield document.problem((*place, "with", extra), f"{name} takes no argument `{extra}`")
    for parameter in parameters:
        if parameter.default is parameter.empty and parameter.name not in given:
            yield document.problem((*place, kind), f"{name} needs the argument `{parameter.name}`")


def _near(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
