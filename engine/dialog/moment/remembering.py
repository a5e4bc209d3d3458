"""What a session remembers of tasks that are over: for 「再充一个」 and for second thoughts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Done, Session, Task, Value
from engine.dialog.state.step import Step

#: How many finished tasks are remembered.
_MOST = 3


def finished(session: Session, task: Task, script: Script, step: Step, now: datetime) -> None:
    """Note what was done, and what its answer gives and leaves to follow on it."""
    session.done = done = Done(
        task.intent,
        script.title,
        script.answer.changes_something,
        now,
        _kept(task, script),
        dict(step.gives),
        task.page,
        step.left,
        rows=[dict(row) for row in step.rows] or _rows_with(session, task),
    )
    _keep(session, done)


def singled_out(session: Session, gives: dict[str, str]) -> None:
    """Note which of the rows of the last answer is spoken of now, for what comes after it."""
    if session.done is not None:
        session.done = replace(session.done, gives=session.done.gives | gives)
        session.past[:1] = [session.done]


def _rows_with(session: Session, task: Task) -> list[dict[str, Any]]:
    """The rows of the last answer of a business, where a task asked for one of them."""
    done = next((past for past in session.past if past.intent == task.intent), None)
    asked = {name: filled.said for name, filled in task.slots.items()}
    is_one = done and any(asked.items() <= row.items() for row in done.rows)
    return done.rows if done and asked and is_one else []


def dropped(session: Session, task: Task, script: Script, now: datetime) -> None:
    """Note what was called off; it is not the last thing that was done."""
    _keep(session, Done(task.intent, script.title, False, now, _kept(task, script), dropped=True))


def _kept(task: Task, script: Script) -> dict[str, Value]:
    """What was said for the slots that a follow-up keeps."""
    names = script.again
    if names is None:
        names = tuple(task.given if script.answer.changes_something else task.slots)
    return {name: task.slots[name].said for name in names if name in task.slots}


def _keep(session: Session, done: Done) -> None:
    """One of each business, and what was called off of it until it is done after all."""
    others = [
        past
        for past in session.past
        if past.intent != done.intent or (done.dropped and not past.dropped)
    ]
    session.past = [done, *others][:_MOST]
