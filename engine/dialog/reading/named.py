"""Values that say by themselves which slot they are for: by its name, their form or their unit."""

from __future__ import annotations

from collections.abc import Collection

from engine.dialog.reading import ends, frames, freely, measures, parties, routes, shapes, wishing
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Task
from engine.nlu.parse import Entity


def named(
    text: str,
    script: Script,
    task: Task,
    entities: Collection[Entity],
    *,
    rather: tuple[str, ...],
) -> list[tuple[str, Entity]]:
    """The values with their slots; ``entities`` are those that the grammars have found.

    ``rather`` are the words that take a value back for the next one.
    """
    if freely.quoted_skip(text, script.slots.get(task.asking)):
        # 「不加」 is what the question itself says for none.
        return []
    found = [
        *freely.named(text, script),
        *frames.framed(text, script, task),
        *routes.routed(text, script, task),
        *freely.replaced(text, script, task),
        *ends.mended(text, script, task, rather),
        *wishing.wished(text, script, task),
        *measures.measured(text, script, task),
        *parties.counted(text, script),
    ]
    return [*found, *shapes.shaped(text, script, task, entities, {name for name, _ in found})]
