"""Whether words that resemble another business are an answer, or a change, in the running one."""

from __future__ import annotations

import re

from engine.dialog.judging import changing, consenting, pointing, someone
from engine.dialog.judging.changing import differs
from engine.dialog.moment.moment import Moment
from engine.dialog.reading import freely
from engine.dialog.reading.coverage import beside
from engine.dialog.reading.labels import PATTERN
from engine.dialog.reading.reading import Reading
from engine.dialog.state.session import CONFIRM
from engine.dialog.state.sheet import needs

#: Values nobody asked for are meant when they are this much of the utterance.
_MOSTLY_VALUES = 0.5
#: With the value that was asked for this much is an answer, whatever its intent looks like.
_VALUES_ASKED_FOR = 0.3
#: A bare value (「两百」) nobody asked for counts only where values are nearly all that was said.
_NEARLY_ALL = 0.8
_SURE = 0.8
#: A question of another business that is this sure is no answer here.
_CLEAR = 0.95
#: What may stand beside a value to say what it is: 订单号, 身份证.
_NAME = 3
#: Characters of a word.
_WORD = 2
#: Types of which a value says by itself what it answers.
CODES = ("id_number", "order_no", "phone", "seat")
#: What a number is called that was asked for.
_NUMBER = re.compile("[订单]?单号?|身份证号?码?|票号|手机号")
#: What says that something is to be done.
_WISHES = re.compile("[想要帮约订预办查充缴退请]|取消")


def begins_aside(moment: Moment) -> bool:
    """Whether a business is asked for that begins even while the one around it is running.

    What undoes that one is not, where something is put in place of what was said for it:
    「取消这个座位，换35C」.
    """
    script = moment.scripts.by_intent.get(moment.business)
    if script is None or not script.aside:
        return False
    is_undoing = moment.task is not None and moment.script.undo == script.intent
    return not (is_undoing and moment.corrects(moment.read()))


def stays_here(moment: Moment) -> bool:
    """Whether words that resemble another business are an answer or a correction in this one.

    A guess interrupts nothing; 「票号9991234567890」 holds what was asked for. A clear question of
    another business is one, whatever words of this one it holds: 「CA1234几点起飞」.
    """
    if _changes_what_began(moment):
        return True
    if _is_clear_question(moment):
        return False
    is_guess = moment.parse.intent.confidence < _CLEAR
    return (
        moment.parse.intent.confidence < _SURE
        or holds_answer(moment)
        or pointing.points_at(moment)
        or changing.names_what_changes(moment)
        or _echoes_the_question(moment)
        or _tells_freely(moment)
        or _clarifies(moment)
        # 「给我老婆充的」 of what waits for a yes.
        or (is_guess and not moment.asked and someone.for_another(moment) is not None)
    )


def _tells_freely(moment: Moment) -> bool:
    """Whether a free answer only resembles another business, and says no word of its name.

    「孩子要住校」, why no lessons are wanted any more, wishes for no lessons.
    """
    is_guess = moment.parse.intent.confidence < _CLEAR
    if not moment.asks_free_text() or moment.parse.is_known or not is_guess:
        return False
    title = moment.scripts.by_intent[moment.business].title
    return not any(title[at : at + _WORD] in moment.text for at in range(len(title) - 1))


def _clarifies(moment: Moment) -> bool:
    """Whether words only say which one is meant in the task that is running: 「我是说余额提醒」."""
    return moment.has_cue(moment.phrases.clarifying_cues) and bool(moment.read())


def _changes_what_began(moment: Moment) -> bool:
    """Whether words of what began the task put another value into it: 「多少才提醒啊，就30吧」."""
    return not moment.asked and _is_what_began(moment) and bool(moment.read(loose=True))


def _echoes_the_question(moment: Moment) -> bool:
    """Whether a free answer says a word of its question, and wishes for nothing.

    「有一台钢琴」 where pianos are asked after begins no lesson.
    """
    slot, said = moment.asked_slot, moment.text
    if slot is None or not moment.asks_free_text() or moment.parse.is_known:
        return False
    return freely.echoes(said, slot) and not _WISHES.search(said)


def asks_elsewhere(moment: Moment) -> bool:
    """Whether it is a clear question of another business: 「先查下后天广州那班几点飞」.

    Or, where something is only to be shown, another business by its name: 「9点那个值机」.
    """
    if moment.task is None or not moment.names_another_task():
        return False
    is_shown = not moment.script.answer.changes_something
    sure = moment.parse.intent.confidence >= _CLEAR
    title = moment.scripts.by_intent[moment.business].title
    return _is_clear_question(moment) or (sure and is_shown and title in moment.text)


def _is_clear_question(moment: Moment) -> bool:
    sure = moment.parse.intent.confidence >= _CLEAR
    return sure and moment.has_cue(moment.phrases.question_cues)


def holds_answer(moment: Moment) -> bool:
    """Whether values are enough of what was said to be an answer to the open question."""
    reading = moment.read()
    share = moment.coverage(reading)
    slot = moment.asked_slot
    # 飞广州的那个 looks the choices up again.
    narrowing = needs(slot) if slot and slot.options else set()
    is_answer = bool((moment.asked | narrowing) & reading.values.keys())
    # 「订单号HX5K2M」 says what the value is, 「那用订单号吧」 beside it wishes nothing.
    is_named = bool(moment.asked & reading.values.keys()) and (
        says_little_beside(moment, reading) or _gives_a_code(moment, reading)
    )
    return (
        is_named
        or _is_foreign_to_the_other(moment, reading)
        or (is_answer and share >= _VALUES_ASKED_FOR)
        or share >= _NEARLY_ALL
        or bool(moment.asked & reading.problems.keys())
        or moment.corrects(reading)
        # 「先交五十」 of what was read back, though it may sound like another business.
        or (not moment.asked and any(entity.type == "cue" for entity in reading.entities))
        or _says_what_was_read_back(moment, reading)
        or (not moment.asked and changing.is_nothing_else(moment, reading))
        or _replaces_what_was_read_back(moment)
    )


def _replaces_what_was_read_back(moment: Moment) -> bool:
    """Whether a value that was read back is named beside the new one: 「五十吧，十块太低了」."""
    task = moment.task
    if task is None or task.asking != CONFIRM or consenting.is_to_another(moment):
        return False
    reading = moment.read(loose=True)
    known = [task.slots[name].said for name in reading.values if name in task.slots]
    return differs(moment, reading) and any(e.value in known for e in moment.parse.entities)


def _says_what_was_read_back(moment: Moment, reading: Reading) -> bool:
    """Whether words point at what waits for a yes, or beside it: 「明天那班」, 「手机那笔」."""
    assert moment.task is not None  # noqa: S101 - asked only within a task
    waits = moment.task.asking == CONFIRM and moment.parse.intent.confidence < _CLEAR
    names_another = any(entity.type == PATTERN for entity in reading.entities)
    is_same = bool(reading.values) and not differs(moment, reading)
    is_about_it = waits and (is_same or names_another)
    return is_about_it and moment.coverage(reading) >= _MOSTLY_VALUES


def _is_foreign_to_the_other(moment: Moment, reading: Reading) -> bool:
    """Whether what was asked for is said, and the other business that is named knows no such thing.

    「我没有会员，身份证…」 answers a check-in and binds nothing.
    """
    other = moment.scripts.get(moment.business)
    if other is None or not moment.asked & reading.values.keys():
        return False
    kinds = {e.type for e in reading.entities if e.strict and e.type in CODES}
    return bool(kinds) and kinds.isdisjoint(k for slot in other.slots.values() for k in slot.type)


def _gives_a_code(moment: Moment, reading: Reading) -> bool:
    """Whether a number that was asked for is told among words that neither wish nor ask."""
    codes = [e.value for e in reading.entities if e.strict and e.type in CODES]
    told = any(reading.values.get(name) in codes for name in moment.asked)
    left = _NUMBER.sub("", "".join(beside(moment.text, reading.entities)))
    asks = moment.has_cue(moment.phrases.question_cues)
    return told and not asks and not _WISHES.search(left)


def says_little_beside(moment: Moment, reading: Reading) -> bool:
    """Whether values have hardly more beside them than what they are called."""
    left = beside(moment.text, reading.entities)
    return (
        bool(reading.entities)
        and len(left) <= _NAME
        and not moment.has_cue(moment.phrases.question_cues)
    )


def asks_about_this(moment: Moment) -> bool:
    """Whether words of what began the task only ask about it: 「怎么提醒」 at its read-back."""
    phrases = moment.phrases
    asks = moment.has_cue((*phrases.question_cues, *phrases.why_cues))
    return asks and _is_what_began(moment) and not moment.read(loose=True)


def _is_what_began(moment: Moment) -> bool:
    """Whether the business that the words name is the one that began the running task."""
    script, task = moment.scripts.by_intent.get(moment.business), moment.task
    # A business that customers begin by itself is no part of another one.
    if script is None or task is None or moment.script.menu:
        return False
    return any(slot.task and slot.task.start == task.intent for slot in script.slots.values())
