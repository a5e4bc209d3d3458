"""The rules of a no that is no plain one: put off, all as it was, the words of consent denied."""

from __future__ import annotations

import re

from engine.dialog.acts.acts import ACTS, call_off
from engine.dialog.choices.extremes import is_all
from engine.dialog.judging import consenting, someone
from engine.dialog.moment import intending
from engine.dialog.moment.moment import Moment
from engine.dialog.reading.denying import left_out
from engine.dialog.reading.labels import labels
from engine.dialog.state.session import CONFIRM, Offer
from engine.dialog.wording import words
from engine.message import Reply

#: What turns words of consent around.
_NO = ("不", "不要", "不想", "不用", "别", "甭", "莫", "唔", "唔好", "唔使")
#: At the end of what was slipped before it.
_CALLED_OFF = (" 取消", "，取消", ",取消")
#: After a no: nothing shall go wrong.
_AMISS = "[充冲交缴付办弄搞选订]错"
#: What asks for the last words once more, and puts nothing off.
_ONCE_MORE = re.compile("再说(?:[一两][遍次下]|[遍次下])")
#: Acts that words resemble which turn a business down.
_REFUSING = ("deny", "cancel", "back", "skip", "goodbye", "thanks")
#: Before a word that must be all that was said, and what may stand around it.
_WHOLE, _AROUND = "=", "那先请麻烦啊哈哦呢吧哎诶。，,！!~… "
#: What the one may be who is asked first.
_WHOM = {"person", "word", "known", "cue"}
#: A question is one only where it is this clearly one.
_SURE = 0.9
#: Characters that say nothing more beside the words that leave it for another time.
_LITTLE = 3


async def put_off(moment: Moment) -> list[Reply] | None:
    """The customer will say later how it goes on: 「等会儿再说」, 「我先问下我老婆」."""
    if moment.task is None or moment.has_cue(moment.phrases.question_cues):
        return None
    if moment.task.under_way is not None or _ONCE_MORE.search(moment.text):
        return None
    asks_first = _after(moment, moment.phrases.ask_first_cues) is not None
    rest = _after(moment, moment.phrases.put_off_cues)
    if not asks_first and rest is None:
        if not _only_waits(moment):
            return None
    elif moment.intent in moment.scripts.faqs and moment.parse.intent.confidence >= _SURE:
        # 「先问一下能带多大的行李箱」 is the question itself.
        return None
    elif moment.names_another_task() or intending.has_cue(rest or "", moment.phrases.stop_cues):
        # 「等发工资再说 不充了」
        return None
    read = {entity.type for entity in moment.read().entities}
    if read - (_WHOM if asks_first else set()):
        return None
    moment.is_aside = moment.task.put_off = True
    return [moment.say(moment.phrases.put_off, title=moment.script.title)]


def _after(moment: Moment, cues: tuple[str, ...]) -> str | None:
    """What stands after one of these words; None where none of them was said."""
    found = filter(None, (words.cue(cue).search(moment.text) for cue in cues))
    return min((moment.text[each.end() :] for each in found), key=len, default=None)


def _only_waits(moment: Moment) -> bool:
    """Whether a word that puts off only by itself is all that was said: 「等一下啊」."""
    said = moment.text.strip(_AROUND)
    return any(cue.startswith(_WHOLE) and cue[1:] == said for cue in moment.phrases.put_off_cues)


async def declined(moment: Moment) -> list[Reply] | None:
    """All is to stay as it is: 「还是留着吧」 where the question is whether to cancel."""
    if moment.task is None or not moment.has_cue(moment.script.dissent):
        return None
    if moment.read() or moment.has_cue(moment.phrases.question_cues):
        return None
    return await call_off(moment)


async def refused(moment: Moment) -> list[Reply] | None:
    """The words of consent denied: 「不，不要解绑」; or all of it for another time: 「改天吧」."""
    if moment.task is None or moment.inbound.payload or "要不" in moment.text:
        return None
    if _leaves_out(moment):
        # 「宽带先不管」 of both bills leaves one; of the other one it changes nothing.
        return None if _is_of_all(moment) else await moment.again()
    if moment.intent in ACTS and moment.intent not in _REFUSING:
        return None
    if not (_is_turned_down(moment) or _is_for_another_time(moment)):
        return None
    return None if moment.read(loose=True) else await call_off(moment)


def _leaves_out(moment: Moment) -> bool:
    """Whether words only leave out what is not read back, or a part of it: 「宽带先不管」."""
    task = moment.task
    if task is None or task.asking != CONFIRM or moment.read(loose=True):
        return False
    rows = [filled.row for filled in task.slots.values() if filled.row]
    named = (each for head in left_out(moment.text) for each in labels(head, moment.script, task))
    return any(row.get(name, said.value) != said.value for name, said in named for row in rows)


def _is_of_all(moment: Moment) -> bool:
    """Whether all rows of a list are read back together."""
    slots = moment.task.slots if moment.task else {}
    return any(is_all(Offer(n, str(f.value), "", f.row)) for n, f in slots.items() if f.row)


def _is_turned_down(moment: Moment) -> bool:
    assert moment.task is not None  # noqa: S101 - asked only within a task
    if moment.text.endswith(_CALLED_OFF) and not moment.script.vague:
        # 「点错了，取消」
        return True
    # 「别充错了」 only takes care.
    text = re.sub(f"(?:{words.either(_NO).pattern}){_AMISS}", "", moment.text)
    # 「不是不充」 denies that it is denied, which is no yes either.
    text = text.replace("不是不", "")
    said = [no + word for no in _NO for word in moment.script.agreed if no + word in text]
    # 「先别充」 may only be in need of time.
    waits = any(f"先{word}" in moment.text for word in said)
    is_denied = moment.task.asking == CONFIRM and bool(said) and not waits
    # 「不充我的，充我女朋友的」
    return is_denied and someone.for_another(moment) is None


def _is_for_another_time(moment: Moment) -> bool:
    """Whether a few words leave the business for another time: 「过两天再说」."""
    phrases = moment.phrases
    if not moment.has_cue(phrases.another_time_cues) or moment.has_cue(phrases.question_cues):
        return False
    if consenting.agrees(moment):
        return False
    beside = (*phrases.yes_fillers, *phrases.yes_cues, *moment.script.agreed)
    left = consenting.without(moment.text, (*phrases.another_time_cues, *beside))
    return len(left.replace(" ", "")) <= _LITTLE
