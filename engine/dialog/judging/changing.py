"""What a message at the confirmation changes of what was read back."""

from __future__ import annotations

import re

from engine.dialog.judging import consenting
from engine.dialog.moment.moment import Moment
from engine.dialog.reading.labels import PATTERN
from engine.dialog.reading.listing import AND
from engine.dialog.reading.reading import Reading
from engine.dialog.state.session import CONFIRM, Filled, Value, each_of
from engine.dialog.state.sheet import needs
from engine.dialog.wording import words
from engine.dialog.wording.lexicon import either
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import OUT_OF_SCOPE

#: A bare value (「两百」) nobody asked for counts only where values are nearly all that was said.
_NEARLY_ALL = 0.8
#: Another business is meant when the classifier is this sure of it.
_SURE = 0.8
#: Acts that words with a value in them only resemble: 「哎等下，一百够了」 is no goodbye, and
#: 前面的 does not go back.
_TALK = ("goodbye", "thanks", "greet", "chitchat", "skip", "back")
#: What asks for reasons; 怎么选 and 怎么样 ask for something else.
_WHY = re.compile(
    r"为什么|为啥|为何|凭什么|咋(?!样|办|整|弄)|怎么(?!样|办|选|换|才|能|弄|充|交|缴|付)"
)
#: 「是139那个吗」 proposes nothing.
_ASKS_BACK = re.compile("就?是.*[吗么]")
#: What may stand around a value that is to stay: 那就要15C吧.
_INSISTS = re.compile("[那嗯对好]*就[要坐选是按照用定]?[吧了的啊呀呗]*")
_PARTICLES = ("吧", "呗", "好了", "得了")
#: Before a value that a clause settles on: 「低于多少提醒啊，就30吧」.
_LED_BY = ("那就", "就", "还是")
_STOP = re.compile(r"[，,。！？!?；;\s]+")
#: Before what is not wanted: 「不用换一个」.
_NOT = ("不", "别", "没", "不用", "不要", "不想")
#: Digits by which a number is told: the last four.
_TAIL = 4

#: What follows the name of what is to be changed, with its new value.
_CHANGED = (
    r"(?:[写填说选]?错了?|不对|有误)?[，, ]*(?:还是|帮我|给我|想)*(?:改|换|推|提前|延)[^，。吗]{2}"
)


def change(moment: Moment) -> Reading:
    """What a message at the confirmation changes; loose values need a cue or to stand alone.

    A yes with another value in it is a change, and never a yes: 「一百就行」 of 200.
    """
    loose = _without_tails(moment, moment.read(loose=True))
    cued = moment.has_cue(moment.phrases.correction_cues) or _stands_alone(moment, loose)
    # 「太多了吧，减到一百」 is nothing else, and must not be lost before a yes.
    is_about_this = _is_guess(moment) or moment.intent in (moment.script.intent, *_TALK)
    is_told = is_about_this and not moment.has_cue(moment.phrases.question_cues)
    cued = cued or is_told or consenting.agrees(moment) or is_nothing_else(moment, loose)
    return loose if cued or moment.coverage(loose) >= _NEARLY_ALL else moment.read()


def _without_tails(moment: Moment, reading: Reading) -> Reading:
    """The reading without digits that only repeat a part of what was read back: 「对，5678」."""
    for name, value in list(reading.values.items()):
        digits = value if isinstance(value, str) and value.isdecimal() else ""
        if len(digits) >= _TAIL and consenting.stands_in_readback(moment, digits):
            reading.values.pop(name)
    return reading


def is_nothing_else(moment: Moment, reading: Reading) -> bool:
    """Whether a new value is proposed and no more said: 「还是30」, 「50行吗」."""
    phrases = moment.phrases
    said = (*phrases.follow_fillers, *phrases.yes_fillers, *phrases.correction_cues)
    text = moment.text
    for entity in reading.entities:
        text = text.replace(entity.text, " ")
    asks_back = _ASKS_BACK.match(moment.text)
    return bool(reading.values and not asks_back) and not re.sub(
        r"\W+", "", consenting.without(text, said)
    )


def wonders_why(moment: Moment, reading: Reading) -> bool:
    """Whether all values stand in a question for reasons: 「为什么是99.5」, 「宽带怎么欠费了」."""
    asking = [clause for clause in _STOP.split(moment.text) if _WHY.search(clause)]
    # 「怎么还没收到」 is the very answer to the question for a code.
    answers = [value for name, value in reading.values.items() if name in moment.asked]
    told = [e for e in reading.entities if e.value]
    values = [e.text for e in told if not (e.type == PATTERN and e.value in answers)]
    return bool(asking and values) and all(any(v in c for c in asking) for v in values)


def is_called_off(moment: Moment, reading: Reading) -> bool:
    """Whether the last clause drops what was read back: 「一百二十多啊，这么贵，先不缴了」."""
    clauses = [clause for clause in consenting.CLAUSE.split(moment.text) if clause]
    if len(clauses) <= 1 or not any(cue in clauses[-1] for cue in moment.phrases.stop_cues):
        return False
    return not any(entity.text in clauses[-1] for entity in reading.entities if entity.value)


def _is_guess(moment: Moment) -> bool:
    """Whether words only resemble another business: 「先给二十」 of a bill is no top-up."""
    is_business = moment.intent in moment.scripts.by_intent
    return moment.intent == OUT_OF_SCOPE or (is_business and moment.parse.intent.confidence < _SURE)


def _stands_alone(moment: Moment, reading: Reading) -> bool:
    """Whether a clause is a value and nothing else: 「太多了，一百」, 「算了50吧」."""
    values = {entity.text for entity in reading.entities if entity.value}
    beside = (*moment.phrases.rather_cues, *_PARTICLES, *_LED_BY)
    clauses = [clause.strip() for clause in consenting.CLAUSE.split(moment.text)]
    left = [consenting.without(clause, beside).strip() for clause in clauses]
    return not values.isdisjoint((*clauses, *left))


def differs(moment: Moment, reading: Reading) -> bool:
    task = moment.task
    known = {} if task is None else task.slots
    return bool(reading.problems) or any(
        value not in (known[name].said, known[name].value)
        if name in known
        else not _is_held(moment, name, value)
        for name, value in reading.values.items()
    )


def declined(moment: Moment, reading: Reading) -> list[str]:
    """The slots whose found value is to be another one: 「不要这个座，靠窗」, 「换一个靠窗的」."""
    if moment.task is None or wonders_why(moment, reading):
        return []
    if not (wants_another(moment) or _gives_up(moment, reading)):
        return []
    filled = moment.task.slots
    return [
        name
        for name in reading.values
        if moment.script.slots[name].finds_others and name in filled and filled[name].value
    ]


def _gives_up(moment: Moment, reading: Reading) -> bool:
    """Whether what was found is named only to be given up: 「2A不要了，换后面的」."""
    filled = moment.task.slots.values() if moment.task else ()
    held = {each for one in filled for each in each_of(one.value)}
    said = {each for value in reading.values.values() for each in each_of(value)}
    return any(e.value in held and e.value not in said for e in reading.entities)


def wants_another(moment: Moment) -> bool:
    """Whether what was found is to be another one of the same: 「换一个」, 「不要这个座」."""
    found = words.either(moment.phrases.another_cues).search(fold(moment.text))
    return found is not None and not found.string[: found.start()].endswith(_NOT)


def insists(moment: Moment) -> bool:
    """Whether nothing but what was read back is said, and that it is to be: 「就15C吧」."""
    reading = moment.read(loose=True)
    if not reading.values or reading.problems or differs(moment, reading):
        return False
    left = consenting.without(moment.text, tuple(entity.text for entity in reading.entities))
    return _INSISTS.fullmatch(left.replace(" ", "")) is not None


def only_asks(moment: Moment, reading: Reading) -> bool:
    """Whether words only ask why it is so, or what it is: 「靠窗吗这个」 of 31A at a window."""
    task, said = moment.task, reading.values
    if wonders_why(moment, reading):
        return True
    if task is None or not said or not moment.has_cue(moment.phrases.doubt_cues):
        return False
    known = task.slots
    return all(name in known and _is_met(v, known[name]) for name, v in said.items())


def _is_met(value: Value, filled: Filled) -> bool:
    wishes = value.split(AND) if isinstance(value, str) else []
    return bool(wishes and filled.rows) and all(
        row.get(wish) is True for wish in wishes for row in filled.rows
    )


def _is_held(moment: Moment, name: str, value: Value) -> bool:
    """Whether a row that is looked up by a slot has this value already: the city of a flight."""
    assert moment.task is not None  # noqa: S101 - asked only within a task
    slots = moment.script.slots
    rows = (
        filled.row or {}
        for other, filled in moment.task.slots.items()
        if other in slots and name in needs(slots[other])
    )
    return any(
        cell == value and (column == name or column.startswith(f"{name}_"))
        for row in rows
        for column, cell in row.items()
    )


def names_what_changes(moment: Moment) -> bool:
    """Whether what was read back is to be changed by its name: 「时间改成十点」.

    Then it begins no business that changes something else.
    """
    task = moment.task
    if task is None or task.asking != CONFIRM:
        return False
    slots = moment.script.slots
    called = [word for name in task.slots if name in slots for word in slots[name].called]
    return bool(called) and re.search(f"(?:{either(called)}){_CHANGED}", moment.text) is not None
