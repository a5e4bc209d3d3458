"""Scripts that begin other scripts: are these there, and is there a way past them?"""

from __future__ import annotations

from collections.abc import Iterator

from engine.dialog.errors import Problem
from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.near import did_you_mean
from engine.dialog.scripts.script import Script
from engine.dialog.scripts.yaml_lines import Document


def problems(scripts: Scripts, script: Script, document: Document) -> Iterator[Problem]:
    """Scripts that are begun and not there, and slots that begin one for every customer."""
    if script.undo and script.undo not in scripts.by_intent:
        near = did_you_mean(script.undo, scripts.by_intent)
        yield document.problem(("undo",), f"there is no script `{script.undo}`{near}")
    for name, slot in script.slots.items():
        if slot.task is None:
            continue
        place = ("slots", name, "task")
        if slot.task.start not in scripts.by_intent:
            near = did_you_mean(slot.task.start, scripts.by_intent)
            fault = f"there is no script `{slot.task.start}`{near}"
            yield document.problem((*place, "start"), fault)
        if not slot.when:
            yield document.problem(place, f"{name}: needs `when`, or no customer gets past it")


def begun(scripts: Scripts) -> set[str]:
    """The scripts that others begin: customers need not ask for them."""
    known = scripts.by_intent.values()
    slots = [slot for script in known for slot in script.slots.values()]
    return {slot.task.start for slot in slots if slot.task} | {s.undo for s in known if s.undo}
