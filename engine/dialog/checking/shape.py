"""The shape of a script: slots that can be filled, questions that can be asked and answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

import jinja2

from engine.dialog.acts.acts import ACTS
from engine.dialog.checking import pictured
from engine.dialog.checking.texts import ADDED, ALWAYS
from engine.dialog.errors import Problem
from engine.dialog.reading.vocabulary import FREE_TEXT
from engine.dialog.rules.missing import MOST_TRIES
from engine.dialog.scripts.closing import Closing, Later
from engine.dialog.scripts.near import did_you_mean
from engine.dialog.scripts.parts import PictureOf, Refusal
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.scripts.yaml_lines import Document, Place
from engine.dialog.state.session import CONFIRM, OUTCOME, STOP
from engine.dialog.wording import words
from engine.nlu.parse import OUT_OF_SCOPE
from engine.pictures.models import KINDS

#: The types that the grammars and the lexicons find, and free text. See `docs/entities.md`.
_FOUND = """
    airline airport city date datetime flight_no id_number money number operator order_no ordinal
    person phone seat seat_preference time
"""
TYPES = frozenset({*_FOUND.split(), FREE_TEXT})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
#: What no slot can be called, and why.
_TAKEN = {
    frozenset({*ALWAYS, *ADDED}): "in texts this name stands for something else",
    frozenset({CONFIRM, OUTCOME, STOP}): "the dialog has a question of this name itself",
    frozenset(["and", "elif", "else", "for", "if", "in", "is", "loop", "not", "or", "self"]): (
        "this is a word of the language of expressions"
    ),
    frozenset(["true", "false", "none", "True", "False", "None"]): "this is a value in expressions",
}

#: What was found wrong, and where.
_Fault = tuple[Place, str]


def problems(script: Script, document: Document) -> Iterator[Problem]:
    """Names that clash, slots that nothing fills, words that are never said."""
    for place, fault in _faults(script):
        yield document.problem(place, fault)


def _faults(script: Script) -> Iterator[_Fault]:
    if script.intent in ACTS or script.intent == OUT_OF_SCOPE:
        yield ("intent",), f"`{script.intent}` is a dialog act; a business needs a name of its own"
    elif not _NAME.fullmatch(script.intent):
        yield ("intent",), f"`{script.intent}` must be letters, digits and _"
    for name, slot in script.slots.items():
        yield from _name(name)
        yield from _types(name, slot)
        yield from _filling(name, slot)
        yield from _unused(name, slot)
        yield from _other_slots(name, slot, script)
        yield from _lists(name, slot, script)
    if bool(script.within) != bool(script.cues):
        yield ("intent",), "`within` and `cues` need each other"
    if len(script.confirm) > MOST_TRIES:
        yield ("confirm", MOST_TRIES), f"only {MOST_TRIES} tries are made: the rest is never said"
    yield from _closing(script.answer, script)


def _name(name: str) -> Iterator[_Fault]:
    if not _NAME.fullmatch(name):
        yield ("slots", name), f"slot `{name}`: a name is letters, digits and _"
    if reason := next((why for taken, why in _TAKEN.items() if name in taken), ""):
        yield ("slots", name), f"slot `{name}`: {reason}; take another name, such as `the_{name}`"


def _types(name: str, slot: Slot) -> Iterator[_Fault]:
    for kind in slot.type:
        if kind not in TYPES:
            guess = did_you_mean(kind, TYPES) or f"; there are {', '.join(sorted(TYPES))}"
            fault = f"{name}: there is no type `{kind}`{guess}"
            yield ("slots", name, "type"), fault


def _filling(name: str, slot: Slot) -> Iterator[_Fault]:
    """How a slot is filled, if it is."""
    at: Place = ("slots", name)
    answers = slot.type or slot.choices or slot.words or slot.awaits or slot.means or slot.if_yes
    if slot.ask and not (answers or slot.options):
        yield at, f"{name}: is asked for, but has no `type` to answer with"
    if "skip" in slot.model_fields_set and not slot.skip:
        yield (*at, "skip"), f"{name}: an empty `skip` skips nothing: give a value, such as 无"
    for one, other in (("if_yes", "if_no"), ("if_no", "if_yes")):
        if getattr(slot, one) and not getattr(slot, other):
            yield (*at, one), f"{name}: `{one}` needs `{other}`: both may be answered"
    if slot.awaits and not slot.ask:
        yield (*at, "awaits"), f"{name}: needs `ask`: what is said while it is waited for"
    is_mentioned = bool(slot.words or slot.means) or _is_said(slot)
    ways = (slot.ask, slot.options, slot.type, slot.default, slot.does, slot.task, is_mentioned)
    if not any(ways):
        yield at, f"{name}: is never filled: it has no `type`, `ask`, `options` or `default`"
    if slot.options and slot.resolve:
        yield (*at, "resolve"), f"{name}: has `options`, so `resolve` is never used"
    if slot.options and slot.choices:
        yield (*at, "choices"), f"{name}: has `options`, so `choices` are never shown"
    if len(slot.ask) > MOST_TRIES:
        yield (
            (*at, "ask", MOST_TRIES),
            f"{name}: only {MOST_TRIES} tries are made, the rest is lost",
        )
    if slot.picture:
        yield from _picture((*at, "picture"), slot.picture)


def _is_said(slot: Slot) -> bool:
    """Whether choices fill a slot wherever they are said: by pattern, or by labels of its own."""
    return any(c.pattern for c in slot.choices) or (bool(slot.choices) and not slot.type)


def _unused(name: str, slot: Slot) -> Iterator[_Fault]:
    """Keys that only matter for a slot that is asked for."""
    if slot.ask or slot.options:
        return
    for key in ("why", "skip", "choices", "also", "picture"):
        if getattr(slot, key) and not (key == "choices" and _is_said(slot)):
            yield ("slots", name, key), f"{name}: `{key}` is never used, for there is no `ask`"


def _other_slots(name: str, slot: Slot, script: Script) -> Iterator[_Fault]:
    for other in slot.also:
        if other not in script.slots:
            near = did_you_mean(other, script.slots)
            yield ("slots", name, "also"), f"{name}: there is no slot `{other}`{near}"
    if slot.awaits and slot.awaits.notice not in script.notices:
        near = did_you_mean(slot.awaits.notice, script.notices)
        fault = f"{name}: there is no notice `{slot.awaits.notice}` in `notices`{near}"
        yield ("slots", name, "awaits", "notice"), fault
    for place, refusal in _refusals(("slots", name), slot):
        yield from _cleared(place, refusal, script)


def _lists(name: str, slot: Slot, script: Script) -> Iterator[_Fault]:
    """A list beside another one, and what only lists have."""
    at: Place = ("slots", name)
    if slot.more and not slot.is_list:
        yield (*at, "more"), f"{name}: `more` is never said, for the slot holds no list"
    if not slot.each:
        return
    above = list(script.slots)[: list(script.slots).index(name)]
    lists = [other for other in above if script.slots[other].many]
    if slot.each not in lists:
        near = did_you_mean(slot.each, lists)
        yield (*at, "each"), f"{name}: no slot above holds a list `{slot.each}`{near}"
    if slot.many or slot.options:
        yield (*at, "each"), f"{name}: with `each` there can be neither `many` nor `options`"


def all_refusals(script: Script) -> Iterator[tuple[Place, Refusal]]:
    """Every refusal that a script has words for, at its place."""
    for name, slot in script.slots.items():
        yield from _refusals(("slots", name), slot)
    for reason, refusal in script.answer.refused.items():
        yield ("answer", "refused", reason), refusal


def _refusals(place: Place, slot: Slot) -> Iterator[tuple[Place, Refusal]]:
    calls = {"options": slot.options, "resolve": slot.resolve, "does": slot.does}
    for key, call in calls.items():
        for reason, refusal in (call.refused if call else {}).items():
            yield (*place, key, "refused", reason), refusal
    if slot.options and slot.options.none:
        yield (*place, "options", "none"), slot.options.none
    for number, check in enumerate(slot.check):
        yield (*place, "check", number), check


def _cleared(place: Place, refusal: Refusal, script: Script) -> Iterator[_Fault]:
    for key in ("clear", "recheck"):
        for other in getattr(refusal, key):
            if other not in script.slots:
                near = did_you_mean(other, script.slots)
                yield (*place, key), f"there is no slot `{other}` to {key}{near}"


def _closing(answer: Closing, script: Script) -> Iterator[_Fault]:
    for reason, refusal in answer.refused.items():
        yield from _cleared(("answer", "refused", reason), refusal, script)
    if answer.refused and not (answer.query or answer.changes_something):
        yield ("answer", "refused"), "is never used: the answer asks nothing of the business"
    if script.confirmed_by:
        yield from _consent(script)
    if answer.faq and script.slots:
        yield ("slots",), "are never filled: a business with `faq` asks for nothing"
    if script.confirm and not answer.changes_something:
        yield ("confirm",), "is never said: the answer changes nothing"
    if answer.picture:
        yield from _picture(("answer", "picture"), answer.picture, has_row=bool(answer.query))
    if script.confirm and answer.changes_something:
        yield from _read_back(answer, script)
    if answer.later:
        yield from _later(answer, answer.later, script)


def _later(answer: Closing, later: Later, script: Script) -> Iterator[_Fault]:
    """How an effect that is under way comes to an end, and can be shown on the way."""
    place: Place = ("answer", "later")
    for status, outcome in later.outcomes.items():
        at = (*place, "outcomes", status)
        yield from _cleared(at, outcome, script)
        if outcome.offer:
            yield (*at, "offer"), "is never used: an outcome asks for nothing"
        if outcome.done and (outcome.end or outcome.clear or outcome.recheck):
            yield at, f"{status}: `done` ends the task, so nothing else can follow"
        elif not (outcome.done or outcome.end or outcome.clear or outcome.recheck):
            yield at, f"{status}: needs one of `done`, `end`, `clear` and `recheck`: what follows"
        if outcome.picture:
            yield from _picture((*at, "picture"), outcome.picture, has_row=True)
    if not any(outcome.done for outcome in later.outcomes.values()):
        yield (*place, "outcomes"), "none of them is `done`: the task can never end well"
    if answer.picture:
        yield ("answer", "picture"), "is never shown: with `later`, outcomes have pictures"
    for other in later.stop.recheck if later.stop else ():
        if other not in script.slots:
            near = did_you_mean(other, script.slots)
            yield (*place, "stop", "recheck"), f"there is no slot `{other}` to recheck{near}"


def _consent(script: Script) -> Iterator[_Fault]:
    slot, at = script.slots.get(script.confirmed_by), ("confirmed_by",)
    if slot is None:
        near = did_you_mean(script.confirmed_by, script.slots)
        yield at, f"there is no slot `{script.confirmed_by}`{near}"
    elif not slot.ask or slot.default or slot.skip or slot.when:
        yield at, f"`{script.confirmed_by}` must always be asked for: nobody has agreed else"
    if script.confirm:
        yield at, "has `confirm` as well; one of them is never used"


def _read_back(answer: Closing, script: Script) -> Iterator[_Fault]:
    """The customer must hear everything that the effect will use."""
    used = {n for text in answer.arguments.values() for n in _names(text)}
    for number, text in enumerate(script.confirm):
        for name in _missing(text, [slot for slot in script.slots if slot in used]):
            fault = f"does not read back `{name}`, which the effect uses"
            yield ("confirm", number), f"confirm: {fault}"
    for name, slot in script.slots.items():
        if name in used and not _is_sure(slot) and not _is_optional(name, script.confirm):
            fault = "the effect uses it, but it is only filled when customers mention it"
            yield ("slots", name), f"{name}: {fault}: give it `ask`, or a `default`"


def _is_sure(slot: Slot) -> bool:
    """Whether a slot has a way to be filled when nobody thinks of it, or need not be."""
    ways = (slot.ask, slot.options, slot.default, slot.does, slot.task, slot.awaits, slot.when)
    return any(ways)


def _is_optional(name: str, confirm: tuple[str, ...]) -> bool:
    """Whether the words that read it back do without it: {% if note %}, {{ note or "无" }}."""
    named = re.compile(rf"\bif\b[^%}}]*\b{name}\b|\b{name}\b[^}}]*\b(?:or|if|default)\b")
    return all(named.search(text) for text in confirm)


def _missing(text: str, names: list[str]) -> list[str]:
    """The names that a text leaves out; none where it does not parse, which is told elsewhere."""
    try:
        return [name for name in names if name not in words.names_in(text)]
    except jinja2.TemplateSyntaxError:
        return []


def _names(expression: str) -> frozenset[str]:
    try:
        return words.names_in(expression, expression=True)
    except jinja2.TemplateSyntaxError:
        return frozenset()


def _picture(place: Place, picture: PictureOf, *, has_row: bool = False) -> Iterator[_Fault]:
    if picture.kind not in KINDS:
        near = did_you_mean(picture.kind, KINDS)
        yield (*place, "kind"), f"there is no picture `{picture.kind}`{near}"
    if not (has_row or picture.query or picture.each or "model" in picture.model_fields_set):
        yield place, "the picture needs a `query` or a `model`"
    yield from pictured.faults(place, picture)
