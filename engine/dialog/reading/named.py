"""Values that say by themselves which slot they are for: by its name, their form or their unit."""

from __future__ import annotations

from collections.abc import Collection

from engine.dialog.reading import (
    codes,
    ends,
    frames,
    freely,
    measures,
    parties,
    routes,
    shapes,
    wishing,
)
from engine.dialog.reading.vocabulary import overlap
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
        *freely.added(text, script, task),
        *codes.named(text, script),
        *ends.mended(text, script, task, rather),
        *(w for w in wishing.wished(text, script, task) if not _says_more(w, script, entities)),
        *measures.measured(text, script, task),
        *parties.counted(text, script),
    ]
    return [*found, *shapes.shaped(text, script, task, entities, {name for name, _ in found})]


def _says_more(wished: tuple[str, Entity], script: Script, entities: Collection[Entity]) -> bool:
    """Whether a value is told beside a no to the name of its slot: 「座位不要了，换35C」."""
    name, said = wished
    slot = script.slots[name]
    told = (e for e in entities if e.type in slot.type and e.value not in (None, slot.skip))
    return said.value == slot.skip and any(not overlap(each, said) for each in told)
