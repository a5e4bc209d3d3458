"""What 「刚才那个」 and 「这个航班」 mean: values of the last tasks, or of the one in between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from engine.dialog.moment.looking import Looking
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Done
from engine.nlu.parse import Entity

#: How long a finished task is what 「再来一个」 and 「刚才那个」 refer to.
_RECENT = timedelta(minutes=30)
#: Types of values that tell one of several from the others.
_SAYS_WHICH = ("time", "datetime", "ordinal", "city", "airport")
_OF_A_DAY = re.compile("的?[那这]")


def referred(looking: Looking, script: Script) -> dict[str, str]:
    """The values of a script's slots that 「刚才那个」 means, as the last tasks gave them."""
    if says_which(looking) or not looking.has_cue(looking.phrases.anaphora_cues):
        return {}
    past = [*recent(looking)]
    given = {name: value for done in reversed(past) for name, value in done.gives.items()}
    given |= _interrupted(looking, script)
    return {name: given[name] for name in script.slots if name in given}


def recent(looking: Looking) -> Iterator[Done]:
    """The tasks that were over not long ago, the last one first."""
    now = looking.acts.now
    return (done for done in looking.session.past if now - done.at < _RECENT)


def says_which(looking: Looking) -> bool:
    """Whether words tell which one is meant, and not the last: 「早上那个」."""
    text = looking.parse.text
    return looking.has_cue(tuple(looking.phrases.dayparts)) or any(
        entity.type in _SAYS_WHICH or _is_of_a_day(entity, text)
        for entity in looking.parse.entities
    )


def _is_of_a_day(entity: Entity, text: str) -> bool:
    """Whether a day says which one: 「明天那个」, and not 「那个明天几点」."""
    return entity.type == "date" and bool(_OF_A_DAY.match(text, entity.end))


def _interrupted(looking: Looking, script: Script) -> dict[str, str]:
    """What the task in between of which this one is wished for has chosen: its flight."""
    task = next((task for task in looking.session.tasks[-2:-1]), None)
    chosen = looking.script_of(task).slots if task else {}
    rows = [
        filled.row or {}
        for name, filled in (task.slots.items() if task else ())
        if name in chosen and chosen[name].options
    ]
    return {
        name: cell
        for row in rows
        for name, cell in row.items()
        if name in script.slots and script.slots[name].type and isinstance(cell, str)
    }
