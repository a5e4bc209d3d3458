"""The rules of a no that is no plain one: put off, all as it was, the words of consent denied."""

from __future__ import annotations

from engine.dialog.deciding.acts import ACTS, call_off
from engine.dialog.deciding.moment import Moment
from engine.dialog.state.session import CONFIRM
from engine.message import Reply

#: What turns words of consent around.
_NO = ("不", "不要", "不想", "不用", "别", "甭")


async def put_off(moment: Moment) -> list[Reply] | None:
    """The customer will say later how it goes on: 「等会儿再说」."""
    if moment.task is None or not moment.has_cue(moment.phrases.put_off_cues):
        return None
    if moment.read() or moment.has_cue(moment.phrases.question_cues):
        return None
    moment.is_aside = True
    return [moment.say(moment.phrases.put_off, title=moment.script.title)]


async def declined(moment: Moment) -> list[Reply] | None:
    """All is to stay as it is: 「还是留着吧」 where the question is whether to cancel."""
    if moment.task is None or not moment.has_cue(moment.script.dissent):
        return None
    if moment.read() or moment.has_cue(moment.phrases.question_cues):
        return None
    return await call_off(moment)


async def refused(moment: Moment) -> list[Reply] | None:
    """The words of consent themselves, denied: 「不，不要解绑」."""
    task, text = moment.task, moment.text
    if task is None or task.asking != CONFIRM or moment.intent in ACTS or "要不" in text:
        return None
    is_no = any(no + word in text for no in _NO for word in moment.script.consent)
    return await ACTS["deny"](moment) if is_no and not moment.read(loose=True) else None
