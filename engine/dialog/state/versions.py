"""Tasks whose script nobody has any more: the server was started anew with another version."""

from __future__ import annotations

from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Filled, Session, Task
from engine.dialog.wording import words


def catch_up(session: Session, scripts: Scripts) -> list[str]:
    """Bring every task to a script that is there; returns the lines that tell what was done.

    A task goes on with its answers by the names of their slots, and each is looked at again. One
    whose business is gone is dropped.
    """
    told: list[str] = []
    kept: list[Task] = []
    for task in session.tasks:
        if scripts.version(task.intent, task.version) is None:
            script = scripts.get(task.intent)
            if script is None:
                told.append(words.say(scripts.phrases.withdrawn, {}))
                continue
            # What was written before versions were is of this one, as far as anybody knows.
            if task.version:
                told.append(words.say(scripts.phrases.renewed, {"title": script.title}))
            _renew(task, script)
        kept.append(task)
    if told:
        _clear_table(session, kept)
    session.tasks = kept
    return told


def _renew(task: Task, script: Script) -> None:
    is_new, task.version = bool(task.version), script.version
    if task.under_way is not None and script.answer.later is not None:
        return
    task.under_way = task.stopping = None
    if not is_new or task.in_flight is not None:
        # What is on its way goes on with the same key and the same values.
        return
    task.slots = {
        name: Filled(said=filled.said)
        for name, filled in task.slots.items()
        if name in script.slots
    }
    task.asked = [name for name in task.asked if name in script.slots]
    if task.asking not in script.slots:
        task.asking, task.tries = "", 0


def _clear_table(session: Session, kept: list[Task]) -> None:
    """Choices stay on the table only where the question that they answer does."""
    asking = kept[-1].asking if kept and kept[-1] is session.task else ""
    if not asking:
        session.offers = []
