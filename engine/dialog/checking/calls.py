"""What a script asks of the business: does it exist, and does it take these arguments?"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.business.provider import Business
from engine.dialog.errors import Problem
from engine.dialog.scripts.closing import Action
from engine.dialog.scripts.near import did_you_mean
from engine.dialog.scripts.script import Script
from engine.dialog.scripts.yaml_lines import Document, Place

_TWICE = "`customer` of the call tells that already: give the argument another name"
_Call = tuple[Place, str, str, Mapping[str, str]]


def problems(script: Script, document: Document, business: Business) -> Iterator[Problem]:
    """Queries and effects that the business does not have, and arguments that do not fit them."""
    yield from _own(script, document)
    yield from _told_twice(script, document)
    for place, kind, name, arguments in calls(script):
        if kind == "query" and name in script.queries:
            continue
        known = business.queries if kind == "query" else business.effects
        function = known.get(name)
        if function is None:
            other = business.effects if kind == "query" else business.queries
            near = did_you_mean(name, {*known, *script.queries} if kind == "query" else known)
            if name in other:
                near = f"; it is {'an effect' if kind == 'query' else 'a query'}"
            yield document.problem((*place, kind), f"the business has no {kind} `{name}`{near}")
            continue
        yield from _arguments(document, place, kind, name, function, arguments)


def _own(script: Script, document: Document) -> Iterator[Problem]:
    """Queries over HTTP that nobody asks, or whose name is one of the business."""
    asked = {name for _, kind, name, _ in calls(script) if kind == "query"}
    for name in script.queries:
        place: Place = ("queries", name)
        if not name.isidentifier():
            yield document.problem(place, f"query `{name}`: a name is letters, digits and _")
        elif name not in asked:
            yield document.problem(place, f"nothing asks the query `{name}`")


def _told_twice(script: Script, document: Document) -> Iterator[Problem]:
    """Calls that would tell who asks under the name of an argument of their own."""
    elsewhere = {name: http for name, http in script.queries.items() if http.customer}
    for place, kind, name, arguments in calls(script):
        if kind == "query" and name in elsewhere and "customer" in arguments:
            yield document.problem((*place, "with", "customer"), _TWICE)
    done: dict[Place, Action] = {("answer",): script.answer}
    done |= {("slots", name, "does"): s.does for name, s in script.slots.items() if s.does}
    for place, action in done.items():
        if action.http and action.http.customer and "customer" in action.arguments:
            yield document.problem((*place, "with", "customer"), _TWICE)


def calls(script: Script) -> Iterator[_Call]:
    """Every call of a script: its place, whether it is a query or an effect, name, arguments."""
    for name, slot in script.slots.items():
        place: Place = ("slots", name)
        if slot.options:
            yield (*place, "options"), "query", slot.options.query, slot.options.arguments
        if slot.resolve:
            yield (*place, "resolve"), "query", slot.resolve.query, slot.resolve.arguments
        if slot.does and slot.does.effect:
            yield (*place, "does"), "effect", slot.does.effect, slot.does.arguments
        if slot.picture and slot.picture.query:
            yield (*place, "picture"), "query", slot.picture.query, slot.picture.arguments
    answer = script.answer
    if answer.query:
        yield ("answer",), "query", answer.query, answer.arguments
    if answer.effect:
        yield ("answer",), "effect", answer.effect, answer.arguments
    if later := answer.later:
        yield ("answer", "later"), "query", later.query, later.arguments
        if later.stop and later.stop.effect:
            stop = later.stop
            yield ("answer", "later", "stop"), "effect", stop.effect, stop.arguments
    if answer.picture and answer.picture.query:
        picture = answer.picture
        yield ("answer", "picture"), "query", picture.query, picture.arguments


def _arguments(
    document: Document,
    place: Place,
    kind: str,
    name: str,
    function: Callable[..., Any],
    given: Mapping[str, str],
) -> Iterator[Problem]:
    # The first parameter is the `Work`, which the engine passes itself.
    parameters = list(inspect.signature(function).parameters.values())[1:]
    known = {p.name for p in parameters if p.kind is not p.VAR_KEYWORD}
    if len(known) == len(parameters):
        for extra in sorted(set(given) - known):
            fault = f"{name} takes no argument `{extra}`{did_you_mean(extra, known - set(given))}"
            yield document.problem((*place, "with", extra), fault)
    for parameter in parameters:
        is_needed = parameter.default is parameter.empty and parameter.name in known
        if is_needed and parameter.name not in given:
            yield document.problem((*place, kind), f"{name} needs the argument `{parameter.name}`")
