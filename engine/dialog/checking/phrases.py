"""The dialog's own words: do they parse, and do they use only the names they are given?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jinja2

from engine.dialog.errors import Problem
from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.near import did_you_mean
from engine.dialog.scripts.yaml_lines import Place
from engine.dialog.wording import words

#: Names that a phrase is given beside `now`.
_GIVEN = {
    "welcome": {"scripts"},
    "help_idle": {"scripts"},
    "help_task": {"title", "why"},
    "help_confirm": {"title", "why"},
    "already_done": {"title"},
    "once_more": {"title"},
    "cancelled": {"title"},
    "put_off": {"title"},
    "resumed": {"title"},
    "renewed": {"title"},
    "gave_up": {"title"},
    "too_deep": {"title"},
    "later": {"title"},
    "next": {"title"},
    "still": {"title"},
    "beyond": {"said"},
    "idle.remind": {"title"},
    "idle.expired": {"title"},
    "desk.taken": {"clerk"},
    "desk.waiting": {"opens", "closes"},
    "desk.closed": {"opens", "closes"},
    "desk.slow": {"opens", "closes"},
    "too_many": {"count"},
    "which_slot": {"said"},
    "noted": {"values"},
    "told": {"said"},
    "problems": {"said", "count"},
    "voice.heard": {"heard"},
    "voice.read_back": {"values"},
    "voice.read_back_part": {"number", "part"},
    "voice.part": {"number", "part"},
    "voice.put_together": {"values"},
    "voice.troubles": {"limit", "seconds", "size"},
}
#: Phrases that are kept together under one key.
_SECTIONS = ("voice", "idle", "desk")
#: Phrases that are words to look for, not to say.
_CUES = frozenset(
    {
        "why_cues",
        "correction_cues",
        "yes_cues",
        "yes_fillers",
        "sure_cues",
        "naming_cues",
        "contrary_cues",
        "doubt_cues",
        "stop_cues",
        "another_cues",
        "another_time_cues",
        "also_cues",
        "all_cues",
        "add_cues",
        "drop_cues",
        "enough_cues",
        "question_cues",
        "then_cues",
        "and_cues",
        "instead_cues",
        "rather_cues",
        "whether_cues",
        "about_it_cues",
        "unchanged_cues",
        "again_cues",
        "after_all_cues",
        "as_before_cues",
        "undo_cues",
        "firm_cues",
        "command_cues",
        "put_off_cues",
        "ask_first_cues",
        "take_note_cues",
        "other_cues",
        "only_cues",
        "more_cues",
        "follow_cues",
        "follow_fillers",
        "anaphora_cues",
        "own_cues",
        "dayparts",
        "voice.floors",
        "voice.parts",
        "voice.part_fillers",
        "idle.remind_after",
        "idle.expire_after",
        "desk.opens",
        "desk.closes",
        "desk.patience",
        "desk.asked_cues",
        "desk.not_cues",
        "desk.not_after_cues",
        "desk.upset_cues",
        "desk.annoyed_cues",
        "desk.give_up_cues",
        "desk.leave_cues",
        "desk.acts",
    }
)


def problems(scripts: Scripts) -> Iterator[Problem]:
    """Phrases that do not parse or use a name that they are not given; a missing last resort."""
    document = scripts.phrases_document
    if "default" not in scripts.phrases.problems:
        yield document.problem(("problems",), "problems: `default` is missing")
    if "default" not in scripts.phrases.voice.troubles:
        yield document.problem(("voice", "troubles"), "voice.troubles: `default` is missing")
    for key, place, text in texts(scripts):
        known = {"now"} | _GIVEN.get(key, set())
        try:
            words.demand(text)
        except jinja2.TemplateSyntaxError as error:
            yield document.problem(place, f"{key}: {error.message}: {text!r}")
            continue
        for name in sorted(words.names_in(text) - known):
            near = did_you_mean(name, known)
            yield document.problem(place, f"{key}: nothing is called `{name}` here{near}")


def texts(scripts: Scripts) -> Iterator[tuple[str, Place, str]]:
    """Every text to say: its key, ``voice.heard`` for one of a section, its place, its words."""
    own: list[tuple[str, Place, Any]] = [
        (key, (key,), value) for key, value in scripts.phrases if key not in _SECTIONS
    ]
    sections = [
        (f"{section}.{key}", (section, key), value)
        for section in _SECTIONS
        for key, value in getattr(scripts.phrases, section)
    ]
    for key, place, value in (*own, *sections):
        if key in _CUES:
            continue
        if isinstance(value, str):
            yield key, place, value
        elif isinstance(value, tuple):
            yield from ((key, (*place, number), text) for number, text in enumerate(value))
        else:
            yield from ((key, (*place, name), text) for name, text in value.items())
