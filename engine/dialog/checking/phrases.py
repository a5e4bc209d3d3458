"""The dialog's own words: do they parse, and do they use only the names they are given?"""

from __future__ import annotations

from collections.abc import Iterator

import jinja2

from engine.dialog import words
from engine.dialog.errors import Problem
from engine.dialog.loading import Scripts
from engine.dialog.near import did_you_mean
from engine.dialog.yaml_lines import Place

#: Names that a phrase is given beside `now`.
_GIVEN = {
    "help_idle": {"scripts"},
    "help_task": {"title", "why"},
    "help_confirm": {"title", "why"},
    "already_done": {"title"},
    "cancelled": {"title"},
    "resumed": {"title"},
    "gave_up": {"title"},
    "too_deep": {"title"},
}
#: Phrases that are words to look for, not to say.
_CUES = frozenset(
    {
        "why_cues",
        "correction_cues",
        "yes_cues",
        "yes_fillers",
        "contrary_cues",
        "doubt_cues",
        "stop_cues",
        "dayparts",
    }
)


def problems(scripts: Scripts) -> Iterator[Problem]:
    """Phrases that do not parse or use a name that they are not given; a missing last resort."""
    document = scripts.phrases_document
    if "default" not in scripts.phrases.problems:
        yield document.problem(("problems",), "problems: `default` is missing")
    for place, text in _texts(scripts):
        key = str(place[0])
        known = {"now"} | _GIVEN.get(key, set())
        try:
            words.demand(text)
        except jinja2.TemplateSyntaxError as error:
            yield document.problem(place, f"{key}: {error.message}: {text!r}")
            continue
        for name in sorted(words.names_in(text) - known):
            near = did_you_mean(name, known)
            yield document.problem(place, f"{key}: nothing is called `{name}` here{near}")


def _texts(scripts: Scripts) -> Iterator[tuple[Place, str]]:
    for key, value in scripts.phrases:
        if key in _CUES:
            continue
        if isinstance(value, str):
            yield (key,), value
        elif isinstance(value, tuple):
            yield from (((key, number), text) for number, text in enumerate(value))
        else:
            yield from (((key, name), text) for name, text in value.items())
