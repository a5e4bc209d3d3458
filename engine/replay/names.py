"""Names that a transcript uses and that the scripts or the business have to know.

A misspelled name would often make an expectation true for ever: `never: [airlin.*]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from engine.business.provider import Business
from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.near import did_you_mean
from engine.dialog.scripts.yaml_lines import Place
from engine.replay.errors import TranscriptError
from engine.replay.reading import Source


def demand(source: Source, scripts: Scripts, business: Business) -> None:
    """Raise `TranscriptError` with the line of every name that nobody knows."""
    problems = [
        source.document.problem(place, message)
        for place, message in (*_slots(source, scripts), *_functions(source, scripts, business))
    ]
    if problems:
        raise TranscriptError("\n".join(map(str, sorted(problems))))


def _slots(source: Source, scripts: Scripts) -> Iterator[tuple[Place, str]]:
    known = {name for script in scripts.by_intent.values() for name in script.slots}
    for index, step in enumerate(source.transcript.steps):
        for key in ("slots", "slots_only"):
            for name in getattr(step.expect, key, None) or ():
                if name not in known:
                    place = ("steps", index, "expect", key, name)
                    yield place, f"no script has a slot `{name}`{did_you_mean(name, known)}"


def _functions(source: Source, scripts: Scripts, business: Business) -> Iterator[tuple[Place, str]]:
    transcript = source.transcript
    elsewhere = {h.url for script in scripts.by_intent.values() for h in script.effects_elsewhere}
    asked = {h.url for script in scripts.by_intent.values() for h in script.queries.values()}
    told = {
        name
        for script in scripts.by_intent.values()
        for name, notice in script.notices.items()
        if notice.event
    }
    effects = {*business.effects, *elsewhere}
    for number, step in enumerate(transcript.steps):
        if step.business is not None:
            place = ("steps", number, "business", "event")
            yield from _unknown(place, step.business.event, {*business.events, *told})
    for name in transcript.stubs:
        known = {*business.queries, *business.events, *asked, *effects}
        yield from _unknown(("stubs", name), name, known)
    for number, check in enumerate(transcript.after):
        yield from _unknown(("after", number, "query"), check.query, business.queries)
    for number, effect in enumerate(transcript.effects):
        for name in effect:
            yield from _unknown(("effects", number, name), name, effects)
    for number, pattern in enumerate(transcript.never):
        if not any(fnmatchcase(name, pattern) for name in effects):
            yield ("never", number), f"`{pattern}` fits no effect: {', '.join(sorted(effects))}"


def _unknown(place: Place, name: str, known: Iterable[str]) -> Iterator[tuple[Place, str]]:
    if name not in known:
        yield place, f"the business has no `{name}`{did_you_mean(name, known)}"
