"""What is said of a value that is none: a number that is too short is said back in its groups."""

from __future__ import annotations

from engine.dialog.moment.voice import grouped
from engine.dialog.scripts.phrases import Phrases
from engine.dialog.wording import words
from engine.nlu.grammar.digits import find_runs
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity


def told(entity: Entity, phrases: Phrases) -> str:
    """The line for its problem, which is that of its type where it has one of its own."""
    problems = phrases.problems
    named = problems.get(f"{entity.type}.{entity.problem}", problems["default"])
    text = problems.get(entity.problem, named)
    runs = find_runs(fold(entity.text))
    digits = runs[0].digits if len(runs) == 1 else ""
    return words.say(text, {"said": grouped(digits), "count": len(digits)})
