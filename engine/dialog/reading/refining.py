"""What the grammars found, put right by the words of the script that stand around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.dialog.reading import ends, lengths, standing, titles, units
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Task
from engine.nlu.parse import Entity


def put_right(
    text: str, found: Sequence[Entity], script: Script, task: Task, names: Mapping[str, Any]
) -> list[Entity]:
    """The entities with what only a script's words tell, and without what these rule out.

    Numbers cut short or told by their ends, people by their titles, counts by their units; no
    parts of a total, and no sums of a condition or a state. ``names`` are those of expressions.
    """
    whole = [*found, *lengths.cut_short(text, found, script)]
    told = ends.with_ends(text, whole, script, task, names)
    told += titles.together(text, told)
    told += titles.after_cues(text, script, told)
    told += titles.called_beside(text, told)
    told += units.counted(text, script, told)
    told += units.multiplied(text, script, task, told)
    told = ends.without_ends(text, units.without_parts(text, told), script, task)
    return standing.without(text, told, script)
