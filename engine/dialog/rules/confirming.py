"""The rules of a read-back: a yes, a no, a change of it, and a slot that is to be told anew."""

from __future__ import annotations

import re

from engine.dialog.acts.acts import ACTS
from engine.dialog.judging import changing, consenting, someone
from engine.dialog.moment.moment import Moment
from engine.dialog.reading.reading import Reading
from engine.dialog.state.session import CONFIRM, Task
from engine.message import Reply
from engine.nlu.parse import OUT_OF_SCOPE

#: Another one than what was chosen, and what may stand around that.
_ANOTHER = re.compile(
    "(?:[就那想要]|还是|帮我|给我|要不|我)*(?:再|改)?换(?:成|到)?(?:另外?)?(?:一?[个笔条项]|别的|其他的?)"
)
_AROUND = "吧呗啊呀嘛了试看，。！!~ "


async def pressed(moment: Moment) -> list[Reply] | None:
    """What stands on the yes button, typed, is a yes: 「确定取消」 calls no cancelling off.

    Not where the script says that it could be a no as well.
    """
    task, said = moment.task, moment.text.strip("。！!，, ")
    if task is None or task.asking != CONFIRM or moment.voice or moment.inbound.payload:
        return None
    is_label = said == moment.script.yes_label and said not in moment.script.vague
    return await moment.follow(await moment.form.commit()) if is_label else None


async def confirmation(moment: Moment) -> list[Reply] | None:
    """A yes, a no, or a change of what was read back."""
    task = moment.task
    if task is None or task.asking != CONFIRM:
        return None
    if moment.text and moment.text == moment.script.no_label:
        return await ACTS["cancel"](moment)
    if consenting.only_takes_note(moment):
        return await moment.again()
    if consenting.is_vague(moment):
        return await moment.again(moment.phrases.doubted)
    reading = changing.change(moment)
    if (changed := await _changed(moment, task, reading)) is not None:
        return changed
    if changing.insists(moment):
        return await moment.follow(await moment.form.commit())
    is_else = moment.intent == OUT_OF_SCOPE or moment.names_another_task()
    if reading and is_else and not consenting.agrees(moment):
        return await moment.again()
    if (slot := someone.for_another(moment)) is not None:
        return await ask_again(moment, slot)
    return await _agreed(moment, task)


async def _changed(moment: Moment, task: Task, reading: Reading) -> list[Reply] | None:
    """What becomes of values beside, or in place of, a yes; None where they are those read back."""
    if not reading:
        if not task.before or not moment.has_cue(moment.phrases.as_before_cues):
            return None
        # 「算了，还是刚才那个」
        return await moment.fill(Reading(values=dict(task.before)))
    if declined := changing.declined(moment, reading):
        for name in declined:
            moment.form.decline(name)
        return await moment.fill(reading)
    if changing.only_asks(moment, reading):
        return await moment.again()
    if changing.is_called_off(moment, reading):
        return await ACTS["cancel" if moment.intent == "cancel" else "deny"](moment)
    if changing.differs(moment, reading):
        return await moment.fill(reading)
    # Who says again what is to be done has no doubt about it any more.
    task.denied = False
    return None


async def _agreed(moment: Moment, task: Task) -> list[Reply] | None:
    """Do it at a yes that is beyond doubt; None where it is no yes at all."""
    if consenting.names_vaguely(moment):
        return await moment.follow(await moment.form.commit())
    agrees = consenting.consents(moment) or consenting.is_own(moment)
    if moment.intent != "affirm" and not agrees:
        return None
    if moment.has_cue(moment.phrases.stop_cues):
        return await ACTS["cancel"](moment)
    if task.denied and not consenting.names_it(moment):
        # After 「不对」, 「是的」 may be a yes to what was wrong.
        return await moment.again(moment.phrases.doubted)
    if not consenting.is_clear_yes(moment):
        return await reopen(moment) or await moment.again(moment.phrases.doubted)
    return await moment.follow(await moment.form.commit())


async def reopen(moment: Moment) -> list[Reply] | None:
    """A slot named without its new value: 换个座位, 日期错了. It is asked for again."""
    task = moment.task
    is_another = changing.wants_another(moment)
    if task is None or not (is_another or moment.has_cue(moment.phrases.correction_cues)):
        return None
    if moment.has_cue(moment.phrases.question_cues):
        # 「号码是不是我爱人的」 only asks.
        return None
    named = [
        name
        for name, slot in moment.script.slots.items()
        if name in task.slots and moment.has_cue(slot.called)
    ]
    if not named and _ANOTHER.fullmatch(moment.text.strip(_AROUND)):
        named = [name for name, filled in reversed(task.slots.items()) if _is_row(moment, name)][:1]
    if not named:
        return None
    if is_another and moment.script.slots[named[0]].finds_others and task.slots[named[0]].value:
        moment.form.decline(named[0])
    return await ask_again(moment, named[0])


def _is_row(moment: Moment, name: str) -> bool:
    """Whether a slot holds one of several rows of the company, or some that were found for it."""
    assert moment.task is not None  # noqa: S101 - asked only within a task
    slot, filled = moment.script.slots[name], moment.task.slots[name]
    return bool((slot.options and filled.row) or (slot.finds_others and filled.value))


async def ask_again(moment: Moment, slot: str) -> list[Reply]:
    """Forget a slot because the customer corrects it, and ask for it."""
    form = moment.form
    form.reopen(slot)
    moment.trace.repair = "correction"
    return await moment.follow(await form.advance())
