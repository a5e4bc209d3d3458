"""What happened in a turn, for those who look on."""

from __future__ import annotations

from typing import Literal

import msgspec

from engine.dialog.state.session import Task, Value

#: How a turn may put right what went wrong before it.
Repair = Literal["correction", "back", "restart", "repeat", "read_back", "follow_up"]


class Trace(msgspec.Struct):
    """What happened in a turn, for logs, transcripts and tests.

    ``slots`` holds values by name, ``changed`` the names of those that are not as they were.
    """

    rule: str = ""
    intent: str = ""
    confidence: float = 0.0
    repair: Repair | Literal[""] = ""
    reject: str = ""
    task: str = ""
    asks: str = ""
    offers: list[str] = []
    done: str = ""
    resumes: str = ""
    slots: dict[str, str] = {}
    changed: list[str] = []
    handoff: str = ""


def values_of(task: Task) -> dict[str, str]:
    """What a task knows, by slot."""
    return {name: _plain(filled.value or filled.said) for name, filled in task.slots.items()}


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else "、".join(filter(None, value))
