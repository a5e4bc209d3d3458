"""Whether it is for somebody else, where the customer's own value was taken."""

from __future__ import annotations

from engine.dialog.moment.moment import Moment
from engine.dialog.reading.ends import tells_end
from engine.dialog.state.session import CONFIRM
from engine.message import Reply


async def somebody_else(moment: Moment) -> list[Reply] | None:
    """The own value was taken, and it is for somebody else: 「给我妈充」 where the sum is asked."""
    if moment.task is None or moment.task.asking == CONFIRM or moment.names_another_task():
        return None
    slot = for_another(moment)
    if slot is None or moment.has_cue(moment.phrases.question_cues):
        return None
    reading = moment.read(loose=True)
    if slot in reading.values:
        return None
    form = moment.form
    form.reopen(slot)
    moment.trace.repair = "correction"
    return await (moment.fill(reading) if reading else moment.follow(await form.advance()))


def for_another(moment: Moment) -> str | None:
    """The slot whose default does not count any more: 「好，给我老婆充」 of the own number."""
    task = moment.task
    if task is None:
        return None
    return next(
        (
            name
            for name, slot in moment.script.slots.items()
            if name in task.slots
            and name not in task.given
            and slot.is_for_another(moment.text, name=moment.own_name)
            # 「尾号5678那个」 of the own number is the very one.
            and not tells_end(moment.text, str(task.slots[name].said))
        ),
        None,
    )
