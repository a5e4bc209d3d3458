"""What is told later: has it words, has it the facts for them, and does anything ever tell it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import jinja2

from engine.business.provider import Business
from engine.dialog.errors import Problem
from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.near import did_you_mean
from engine.dialog.scripts.parts import Notice
from engine.dialog.scripts.script import Script
from engine.dialog.scripts.yaml_lines import Document, Place
from engine.dialog.wording import words

#: Names that the words of a notice have beside its facts.
_OWN = frozenset({"member", "now"})


def problems(scripts: Scripts, business: Business) -> Iterator[Problem]:
    """Notices of two scripts, without words, without facts, or that nobody can ever be told."""
    known: dict[str, Notice] = {}
    homes: dict[str, Document] = {}
    for intent, script in scripts.by_intent.items():
        document = scripts.documents[intent]
        for name, notice in script.notices.items():
            if name in known:
                other = homes[name].file.name
                yield document.problem(("notices", name), f"{other} has words for `{name}` as well")
            known.setdefault(name, notice)
            homes.setdefault(name, document)
    for intent, script in scripts.by_intent.items():
        document = scripts.documents[intent]
        yield from _left(script, document, known)
        yield from _followed(script, document, known)
        yield from _events(scripts, script, document, business)


def _left(script: Script, document: Document, known: Mapping[str, Notice]) -> Iterator[Problem]:
    """Notices that the answer leaves or takes back."""
    for number, left in enumerate(script.answer.notify):
        at: Place = ("answer", "notify", number)
        if left.notice not in known:
            yield document.problem((*at, "notice"), _unknown(left.notice, known))
            continue
        missing = _needs(known[left.notice]) - set(left.facts)
        for name in sorted(missing):
            fault = f"gives no `{name}`, which the words of `{left.notice}` use"
            yield document.problem((*at, "facts"), f"facts: {fault}")
        if left.before and not left.at:
            yield document.problem((*at, "before"), "before: needs `at`, the time it is before")
    for name in script.answer.withdraw:
        if name not in known:
            yield document.problem(("answer", "withdraw", name), _unknown(name, known))


def _followed(script: Script, document: Document, known: Mapping[str, Notice]) -> Iterator[Problem]:
    for key in ("follow", "unfollow"):
        for name in getattr(script.answer, key):
            place: Place = ("answer", key, name)
            if name not in known:
                yield document.problem(place, _unknown(name, known))
            elif known[name].event is None:
                fault = f"{key}: `{name}` has no `event`, so nothing ever tells it"
                yield document.problem(place, fault)


def _events(
    scripts: Scripts, script: Script, document: Document, business: Business
) -> Iterator[Problem]:
    followed = {name for each in scripts.by_intent.values() for name in each.answer.follow}
    for name, notice in script.notices.items():
        place: Place = ("notices", name, "event")
        if notice.event is None:
            continue
        if name in business.events:
            fault = f"the business has an event `{name}` in Python: this one is never heard"
            yield document.problem(place, fault)
        elif "/" in name or name != name.strip() or not name:
            yield document.problem(place, f"`{name}` must be letters, digits, `_` and `.`")
        elif name not in followed:
            fault = f"nobody is ever told `{name}`: no answer has it under `follow`"
            yield document.problem(place, fault)


def _needs(notice: Notice) -> set[str]:
    """The facts that its words use; none where they do not parse, which is told elsewhere."""
    try:
        used = {name for text in (notice.say, notice.link) for name in words.names_in(text)}
    except jinja2.TemplateSyntaxError:
        return set()
    return used - _OWN


def _unknown(name: str, known: Mapping[str, Notice]) -> str:
    return f"no script has a notice `{name}` under `notices`{did_you_mean(name, known)}"
