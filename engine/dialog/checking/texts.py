"""The texts of a script, each with its place and with what it may use there.

Slots are settled in the order of the file, so a text may use the slots above it. Refusals bring
facts, and rows bring columns, that only the business knows: there any name may be right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.dialog.scripts.closing import Closing, Later
from engine.dialog.scripts.parts import Call, PictureOf, Refusal, Refusals
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.scripts.yaml_lines import Place

#: Names that every text of a script may use beside its slots.
ALWAYS = frozenset({"member", "now", "heard", "carried", "declined"})
#: Names that some places add: rows of queries, results of effects, what was just said.
ADDED = frozenset({"row", "rows", "result", "said", "chosen", "one"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What a text may use at its place: slots settled by then and other names.

    ``is_open`` where facts may come from the business.
    """

    slots: tuple[str, ...] = ()
    names: frozenset[str] = ALWAYS
    is_open: bool = False

    def adding(self, *names: str, is_open: bool = False) -> Scope:
        """This scope with further names."""
        return replace(self, names=self.names | set(names), is_open=self.is_open or is_open)

    def after(self, slot: str) -> Scope:
        """This scope once a slot has been settled."""
        return replace(self, slots=(*self.slots, slot))


@dataclass(frozen=True, slots=True)
class Text:
    """A text at its place, with what it may use."""

    place: Place
    text: str
    scope: Scope
    is_expression: bool = False

    @property
    def key(self) -> str:
        """What the text is called in messages: the last key on the way to it."""
        return next(str(part) for part in reversed(self.place) if isinstance(part, str))


def texts(script: Script) -> Iterator[Text]:
    """Every text of a script, in the order of a conversation."""
    scope = Scope()
    yield from _said(("opening",), script.opening, scope)
    for name, slot in script.slots.items():
        yield from _slot(("slots", name), slot, scope, name)
        scope = scope.after(name)
    for number, text in enumerate(script.confirm):
        yield Text(("confirm", number), text, scope)
    yield from _closing(("answer",), script.answer, scope)
    told = Scope().adding(is_open=True)
    for name, notice in script.notices.items():
        yield from _said(("notices", name, "say"), notice.say, told)
        yield from _said(("notices", name, "link"), notice.link, told)
        if notice.event:
            last = notice.event.last
            yield from _said(("notices", name, "event", "last"), last, told, is_expression=True)


def _said(place: Place, text: str, scope: Scope, *, is_expression: bool = False) -> Iterator[Text]:
    if text:
        yield Text(place, text, scope, is_expression)


def _slot(place: Place, slot: Slot, scope: Scope, name: str) -> Iterator[Text]:
    itself = scope.after(name)
    yield from _said((*place, "when"), slot.when, itself, is_expression=True)
    yield from _said((*place, "default"), slot.default, scope, is_expression=True)
    yield from _question(place, slot, scope)
    yield from _looked_up(place, slot, scope)
    yield from _from_elsewhere(place, slot, scope)
    for number, check in enumerate(slot.check):
        at = (*place, "check", number)
        yield from _said((*at, "when"), check.when, itself, is_expression=True)
        yield from _refusal(at, check, itself.adding("said"))
    if slot.picture:
        yield from _picture((*place, "picture"), slot.picture, scope)


def _question(place: Place, slot: Slot, scope: Scope) -> Iterator[Text]:
    """How a slot is asked for, and what its answers are known by."""
    for number, text in enumerate(slot.ask):
        yield Text((*place, "ask", number), text, scope)
    for number, text in enumerate(slot.more):
        yield Text((*place, "more", number), text, scope.adding("chosen", "one"))
    yield from _said((*place, "why"), slot.why, scope)
    yield from _said((*place, "noted"), slot.noted, scope.adding("said"))
    yield from _said((*place, "known"), slot.known, scope, is_expression=True)
    if slot.bare:
        said = scope.adding("said")
        yield from _said((*place, "bare", "label"), slot.bare.label, said)
        yield from _said((*place, "bare", "value"), slot.bare.value, said, is_expression=True)


def _looked_up(place: Place, slot: Slot, scope: Scope) -> Iterator[Text]:
    """What a slot asks of the business."""
    said = scope.adding("said")
    label = scope.adding("row", is_open=True)
    if slot.options:
        yield from _call((*place, "options"), slot.options, said, said)
        yield from _said((*place, "options", "label"), slot.options.label, label)
        if slot.options.none:
            yield from _refusal((*place, "options", "none"), slot.options.none, scope)
    if slot.resolve:
        yield from _call((*place, "resolve"), slot.resolve, said, said)
        yield from _said((*place, "resolve", "label"), slot.resolve.label, label)
    if slot.does:
        yield from _arguments((*place, "does"), slot.does.arguments, scope)
        yield from _refusals((*place, "does"), slot.does.refused, scope)


def _from_elsewhere(place: Place, slot: Slot, scope: Scope) -> Iterator[Text]:
    """What fills a slot from another script, from the company, or by words that stand for it."""
    if slot.task:
        yield from _said((*place, "task", "say"), slot.task.say, scope)
        yield from _said((*place, "task", "otherwise"), slot.task.otherwise, scope)
    # What the company tells, and what is said at any time, may be of slots not filled by then.
    anytime = scope.adding(is_open=True)
    if slot.awaits:
        at = (*place, "awaits")
        yield from _said((*at, "when"), slot.awaits.when, anytime, is_expression=True)
        yield from _said((*at, "value"), slot.awaits.value, anytime, is_expression=True)
    for number, meaning in enumerate(slot.means):
        at = (*place, "means", number, "value")
        yield from _said(at, meaning.value, anytime, is_expression=True)


def _call(place: Place, call: Call, scope: Scope, refused: Scope) -> Iterator[Text]:
    yield from _arguments(place, call.arguments, scope)
    yield from _refusals(place, call.refused, refused)


def _arguments(place: Place, arguments: Mapping[str, str], scope: Scope) -> Iterator[Text]:
    for name, text in arguments.items():
        yield Text((*place, "with", name), text, scope, is_expression=True)


def _refusals(place: Place, refused: Refusals, scope: Scope) -> Iterator[Text]:
    for reason, refusal in refused.items():
        yield from _refusal((*place, "refused", reason), refusal, scope.adding(is_open=True))


def _refusal(place: Place, refusal: Refusal, scope: Scope) -> Iterator[Text]:
    yield from _said((*place, "say"), refusal.say, scope.adding("said"))
    yield from _said((*place, "offer"), refusal.offer, scope.adding("said"), is_expression=True)


def _picture(place: Place, picture: PictureOf, scope: Scope) -> Iterator[Text]:
    yield from _arguments(place, picture.arguments, scope)
    yield from _said((*place, "each"), picture.each, scope, is_expression=True)
    shown = scope.adding("row") if picture.query or picture.each else scope
    yield from _said((*place, "caption"), picture.caption, shown)
    if "model" in picture.model_fields_set:
        yield from _said((*place, "model"), picture.model, shown, is_expression=True)
    yield from _said((*place, "words"), picture.words, shown, is_expression=True)


def _closing(place: Place, answer: Closing, scope: Scope) -> Iterator[Text]:
    yield from _arguments(place, answer.arguments, scope)
    given = (
        {"result"}
        if answer.changes_something
        else {"row", "rows", "more"}
        if answer.query
        else set()
    )
    if answer.faq:
        given = {"row"}
        for key in ("ask", "unsure", "none"):
            yield from _said((*place, "faq", key), getattr(answer.faq, key), Scope())
    after = scope.adding(*given)
    yield from _said((*place, "say"), answer.say, after)
    yield from _said((*place, "link"), answer.link, after)
    if answer.picture:
        yield from _picture((*place, "picture"), answer.picture, after)
    yield from _refusals(place, answer.refused, scope)
    yield from _left(place, answer, after)
    if answer.later:
        yield from _later((*place, "later"), answer.later, after)
        after = after.adding("row")
    for name, text in answer.gives.items():
        yield Text((*place, "gives", name), text, after, is_expression=True)


def _left(place: Place, answer: Closing, scope: Scope) -> Iterator[Text]:
    for key in ("withdraw", "follow", "unfollow"):
        for name, text in getattr(answer, key).items():
            yield Text((*place, key, name), text, scope, is_expression=True)
    for number, left in enumerate(answer.notify):
        at = (*place, "notify", number)
        for key in ("when", "at", "key"):
            yield from _said((*at, key), getattr(left, key), scope, is_expression=True)
        for name, text in left.facts.items():
            yield Text((*at, "facts", name), text, scope, is_expression=True)


def _later(place: Place, later: Later, scope: Scope) -> Iterator[Text]:
    yield from _arguments(place, later.arguments, scope)
    scope = scope.adding("row")
    yield from _said((*place, "status"), later.status, scope, is_expression=True)
    for number, text in enumerate(later.waiting):
        yield Text((*place, "waiting", number), text, scope)
    if later.stop:
        yield from _arguments((*place, "stop"), later.stop.arguments, scope)
        yield from _said((*place, "stop", "ask"), later.stop.ask, scope)
        yield from _said((*place, "stop", "say"), later.stop.say, scope)
    for status, outcome in later.outcomes.items():
        at = (*place, "outcomes", status)
        yield from _refusal(at, outcome, scope)
        if outcome.picture:
            yield from _picture((*at, "picture"), outcome.picture, scope)
