"""Weighing what a message is at this moment: an answer, a change, or none of them."""

from __future__ import annotations

from engine.dialog.choices.contents import points_at_a_time
from engine.dialog.choices.extremes import compares
from engine.dialog.judging import consenting
from engine.dialog.judging.changing import differs
from engine.dialog.judging.staying import CODES, says_little_beside
from engine.dialog.moment.moment import Moment
from engine.dialog.reading import freely
from engine.dialog.reading.coverage import beside
from engine.dialog.reading.denying import left_out
from engine.dialog.reading.reading import Reading
from engine.nlu.parse import OUT_OF_SCOPE

#: Values nobody asked for are meant when they are this much of the utterance.
_MOSTLY_VALUES = 0.5
#: A bare value (「两百」) nobody asked for counts only where values are nearly all that was said.
_NEARLY_ALL = 0.8
#: What may end a message without a meaning of its own.
_PARTICLES = "的了吧呢啊呀，。！!,. "
#: Characters of the shortest name of a row.
_NAME_OF_ROW = 2


def may_rename(moment: Moment) -> bool:
    """Whether words may name another row of a choice that was made, and are no answer."""
    if compares(moment.text) or moment.numbered_names() or _points_at_a_time(moment):
        return True
    corrects = moment.has_cue(moment.phrases.correction_cues) or moment.intent == "deny"
    if corrects and _names_a_day_of_rows(moment):
        return True
    if not _says_more(moment):
        return False
    if corrects or left_out(moment.text):
        return True
    if moment.asks_free_text() or moment.asked & moment.read().values.keys():
        return False
    is_about_this = moment.intent in (OUT_OF_SCOPE, moment.script.intent, "affirm", "chitchat")
    return is_about_this and not moment.has_cue(moment.phrases.question_cues)


def _points_at_a_time(moment: Moment) -> bool:
    asks = moment.has_cue(moment.phrases.question_cues)
    return not asks and points_at_a_time(moment.text, moment.phrases.dayparts)


def _names_a_day_of_rows(moment: Moment) -> bool:
    """Whether a day is named that no slot is for, but rows may have: 「不对，退明天的」."""
    kinds = {kind for slot in moment.script.slots.values() for kind in slot.type}
    days = {"date", "datetime"} - kinds
    return any(entity.type in days and entity.value for entity in moment.parse.entities)


def _says_more(moment: Moment) -> bool:
    """Whether there are words, or a time, beside a yes, a no and what was read already."""
    phrases, spared = moment.phrases, ("time", "datetime")
    read = [entity for entity in moment.read().entities if entity.type not in spared]
    yes = (*phrases.yes_cues, *phrases.yes_fillers)
    said = (*phrases.correction_cues, *phrases.contrary_cues, *(cue for cue in yes if len(cue) > 1))
    left = consenting.without("".join(beside(moment.text, read)), said).replace(" ", "")
    # 行 of 「还是要飞行的」 is a part of a name.
    left = left.lstrip("".join(cue for cue in yes if len(cue) == 1)).rstrip(_PARTICLES)
    return len(left) >= _NAME_OF_ROW


def is_all_values(moment: Moment) -> bool:
    """Whether a bare value can only be meant, as 100 is in 「13812345678，100」.

    So is one for a slot that nothing was said for yet: 「一百」 where a phone number was asked for.
    """
    assert moment.task is not None  # noqa: S101 - asked only within a task
    reading = moment.read(loose=True)
    if moment.asks_free_text() and any(e.type == "person" for e in reading.entities):
        return False
    is_answer = bool(moment.asked & reading.values.keys())
    is_new = bool(reading.values) and moment.task.slots.keys().isdisjoint(reading.values)
    # Digits may be a part of what was asked for, or another number.
    is_said = is_new and not moment.text.isdecimal()
    return (is_answer or is_said) and moment.coverage(reading) >= _NEARLY_ALL


def is_all_names(moment: Moment) -> bool:
    """Whether names are all that was said: they are for a list of people wherever it is.

    Where any words are an answer nobody is named: 衣柜 of 「有什么大件？」.
    """
    if moment.asks_free_text():
        return False
    people = [entity for entity in moment.parse.entities if entity.type == "person"]
    return bool(people) and moment.coverage(Reading(entities=people)) >= _NEARLY_ALL


def is_meant(moment: Moment, reading: Reading) -> bool:
    """Whether values that nobody asked for belong to the task: not so in 「今天天气怎么样」."""
    if moment.intent == "cancel" and moment.has_cue(moment.phrases.desk.leave_cues):
        # 「算了我自己办」 names nobody.
        return False
    return (
        moment.business == moment.script.intent
        or _with_times(moment, reading) >= _MOSTLY_VALUES
        or moment.coverage(reading) >= _MOSTLY_VALUES
        or moment.has_cue(moment.phrases.correction_cues)
        or adds(moment)
        or _says_who(moment, reading)
        or freely.is_for_later(moment.text)
        or _is_a_code(moment, reading)
        or _is_what_is_offered(moment, reading)
        or _changes_in_a_clause(moment, reading)
        or _tells_in_a_clause(moment, reading)
    )


def _changes_in_a_clause(moment: Moment, reading: Reading) -> bool:
    """Whether a clause is all another value than before, by its unit: 「六个人，其他的自己走」."""
    if not any(e.type == "cue" for e in reading.entities) or not differs(moment, reading):
        return False
    clauses = consenting.CLAUSE.split(moment.text)
    said = "".join(entity.text for entity in reading.entities)
    return any(
        clause and not "".join(beside(clause, ())).strip(said) for clause in clauses
    ) and not moment.has_cue(moment.phrases.question_cues)


def _tells_in_a_clause(moment: Moment, reading: Reading) -> bool:
    """Whether a clause is all a value that nothing was said for yet: 「靠过道，别挨着厕所」."""
    assert moment.task is not None  # noqa: S101 - asked only within a task
    if not moment.task.slots.keys().isdisjoint(reading.values):
        return False
    told = {entity.text for entity in reading.entities if entity.strict and entity.value}
    clauses = {clause.strip() for clause in consenting.CLAUSE.split(moment.text)}
    return not told.isdisjoint(clauses) and not moment.has_cue(moment.phrases.question_cues)


def _is_a_code(moment: Moment, reading: Reading) -> bool:
    """Whether a code is nearly all that was said: 「发到13812345678」."""
    codes = [entity for entity in reading.entities if entity.type in CODES and entity.strict]
    return bool(codes) and says_little_beside(moment, reading)


def _with_times(moment: Moment, reading: Reading) -> float:
    """How much is values where a time chooses among rows that are looked up later."""
    assert moment.task is not None  # noqa: S101 - asked only within a task
    slots, filled = moment.script.slots, moment.task.slots
    has_rows_to_come = any(slot.options and name not in filled for name, slot in slots.items())
    times = [e for e in moment.parse.entities if e.type in ("time", "datetime") and e.value]
    return moment.coverage(Reading(entities=[*reading.entities, *times])) if has_rows_to_come else 0


def says_otherwise(moment: Moment) -> bool:
    """Whether a value is said that the only row that is offered has not."""
    reading, offers = moment.read(), moment.session.offers
    has_row = len(offers) == 1 and offers[0].row is not None
    return has_row and bool(reading.values) and not _is_what_is_offered(moment, reading)


def _is_what_is_offered(moment: Moment, reading: Reading) -> bool:
    """Whether values are those of the only row that is offered: 「还没开就办明天的」."""
    offers = moment.session.offers
    row = offers[0].row or {} if len(offers) == 1 else {}
    return bool(reading.values) and all(value in row.values() for value in reading.values.values())


def adds(moment: Moment) -> bool:
    """Whether a message adds to a list: 还有李四."""
    has_list = any(slot.many for slot in moment.script.slots.values())
    return has_list and moment.has_cue(moment.phrases.add_cues)


def _says_who(moment: Moment, reading: Reading) -> bool:
    """Whether people are named for whom alone it is, or is not: 「算了她自己办，就办我的」."""
    lists = [name for name, slot in moment.script.slots.items() if slot.many]
    cues = (*moment.phrases.only_cues, *moment.phrases.drop_cues)
    return any(name in reading.values for name in lists) and moment.has_cue(cues)
