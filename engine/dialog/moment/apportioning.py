"""Which wish is whose, where people are named with their wishes before anybody is looked up."""

from __future__ import annotations

from collections.abc import Mapping

from engine.dialog.moment.looking import Looking
from engine.dialog.reading.listing import AND
from engine.dialog.reading.reading import Reading
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Value


def held_back(script: Script, values: Mapping[str, Value]) -> dict[str, Value]:
    """Different wishes of people who are named with them: whose is whose shows who they are.

    「老婆和儿子靠窗，我过道」 before anybody is looked up wishes for no seat that is both.
    """
    return {
        name: said
        for name, said in values.items()
        if script.slots[name].each in values and isinstance(said, str) and AND in said
    }


def told_anew(
    moment: Looking, before: Reading, held: Mapping[str, Value], *, asked: str
) -> dict[str, Value]:
    """What was said for each of a list that was nobody yet: 「我和老婆值机，她靠窗」.

    Or for those who are ``asked`` about now: 「我和小宝换一下座位」. ``held`` was held back.
    """
    task = moment.task
    if task is None:
        return {}
    slots = moment.script.slots
    waiting = [
        name
        for name, said in before.values.items()
        if slots[name].each
        and (isinstance(said, str) or slots[name].each in before.values)
        and (task.slots.get(name) or name in held)
    ]
    if not waiting:
        slot = slots.get(asked)
        is_new = slot and slot.each in before.values and task.opener == moment.text
        also = moment.read().values.get(asked) if is_new else None
        return {asked: also} if also else {}
    settled = {name: task.slots.pop(name) for name in waiting if name not in held}
    now = moment.read().values
    task.slots.update(settled)
    told = {name: value for name in waiting if isinstance(value := now.get(name), list)}
    # 「我和女儿值机，她7F」, 「一家三口值机，我靠窗」 leave seats to be told.
    return {name: value for name, value in told.items() if any(value)}
