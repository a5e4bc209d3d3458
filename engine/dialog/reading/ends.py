"""The last digits of a number: those that tell it (尾号8000), and one put right (最后一位是0)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.dialog.reading.vocabulary import overlap
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task
from engine.dialog.wording import words
from engine.dialog.wording.others import tells_of_another
from engine.nlu.grammar.digits import SPOKEN, Run, find_runs
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity

_DIGIT = "[0-9零一二三四五六七八九幺洞]"
_END = re.compile(
    rf"(?:最后|末尾|末|后)的?(?P<count>[一两二12])?(?:位|个数字?)(?:数字?)?(?:应该|其实)?"
    rf"(?:就?是|改成|改为|换成|为)\s?(?P<digits>{_DIGIT}{{1,2}})(?!{_DIGIT})"
)
_COUNT = {"一": 1, "1": 1, "两": 2, "二": 2, "2": 2}
_ASKS = re.compile("[吗么?？]|对吧|是吧|是不是|对不对")
_TYPE = "phone"
_COUNTS = ("money", "number")
#: Digits of the head of a number, or its tail, as people tell it: 133那个, 5678的.
_FEWEST = 3
_TELLS_WHICH = re.compile("[的那这]|开头|打头|结尾")
#: How many of the last digits of a number are told.
_FEW_DIGITS = (3, 4)
#: Without one of these it is not about last digits, and no digits are looked for.
_LED = re.compile("尾|[后末][三四]位|最后|后面")
#: 「不是8000是8001」 of a number that ends so.
_INSTEAD = re.compile(
    "(?:不是)?(?P<old>[0-9]{4})(?:不对|错了|有误)?[，, ]?而?(?:应该)?是[0-9]{4}(?![0-9元块])"
)
#: What is said before the last digits of a number, and between: 「尾号错了，应该是8000」.
_LED_TO = re.compile(
    "(?:尾号|尾数|末尾|尾巴|[后末][三四]位|(?:号码?|电话|手机)的?最后(?:几位)?|(?P<after>后面是))"
    "(?:数字?)?[^0-9，,]{0,3}[，,]?(?:应该)?[是为]?$"
)


def without_ends(text: str, found: Sequence[Entity], script: Script, task: Task) -> list[Entity]:
    """The entities but for amounts that are an end of a number: 「最后一位是0」, 「133那个…」."""
    folded = fold(text)
    ends = [said.span("digits") for said in _END.finditer(folded)]
    numbers = [entity.value for entity in found if entity.type == _TYPE and entity.value]
    numbers += list(_known(script, task))
    return [
        entity
        for entity in found
        if entity.type not in _COUNTS
        or not (
            any(start <= entity.start < end for start, end in ends)
            or (_TELLS_WHICH.match(folded, entity.end) and _is_end(entity.text, numbers))
        )
    ]


def _known(script: Script, task: Task) -> Iterator[str]:
    """The numbers that the task has."""
    for name, slot in script.slots.items():
        filled = task.slots.get(name)
        if _TYPE in slot.type and filled is not None and isinstance(filled.said, str):
            yield filled.said


def _is_end(digits: str, numbers: Sequence[str]) -> bool:
    is_long = digits.isdecimal() and len(digits) >= _FEWEST
    return is_long and any(each.startswith(digits) or each.endswith(digits) for each in numbers)


def mended(
    text: str, script: Script, task: Task, cues: Collection[str]
) -> Iterator[tuple[str, Entity]]:
    """The numbers that the customer told and now puts right, by slot.

    More than one digit is another number, of which not all is said: it has to be asked for.
    ``cues`` are the words that correct.
    """
    said = _END.search(folded := fold(text))
    if said is None or _ASKS.search(text) or not any(cue in folded for cue in cues):
        return
    end = "".join(SPOKEN[char] for char in said["digits"])
    if len(end) != _COUNT.get(said["count"] or "", len(end)):
        return
    for name, slot in script.slots.items():
        filled = task.slots.get(name)
        if _TYPE in slot.type and filled is not None and name in task.given:
            number = str(filled.said)
            if sum(a != b for a, b in zip(number[-len(end) :], end, strict=True)) == 1:
                start, stop = said.span()
                value = number[: -len(end)] + end
                yield name, Entity(_TYPE, value, text[start:stop], start, stop)


def with_ends(
    text: str, entities: Sequence[Entity], script: Script, task: Task, names: Mapping[str, Any]
) -> list[Entity]:
    """The entities, with the last digits of a phone number as such and no amount: 「尾号8000」.

    Other last digits than those of the number that is known are a number of which the rest is
    missing, for nobody knows that it is the same. Beside a whole number they say nothing new.
    Those of the customer's own number tell that one; ``names`` are those of expressions.
    """
    name = next((name for name, slot in script.slots.items() if "phone" in slot.type), "")
    found = (_instead(fold(text), _known(script, task)) or _told(fold(text))) if name else None
    if found is None:
        return list(entities)
    start, run = found
    ends = Entity("phone", None, text[run.start : run.end], run.start, run.end, problem="ends")
    left = [entity for entity in entities if not overlap(entity, replace(ends, start=start))]
    filled = task.slots.get(name)
    known = [filled.said if filled else "", *(e.value for e in left if e.type == "phone")]
    if any(isinstance(number, str) and number.endswith(run.digits) for number in known):
        return left
    # Where it is asked for, another one than the own may be on the table.
    is_known = filled is not None or name == task.asking
    own = "" if is_known else _own(text, script.slots[name], names)
    return [*left, replace(ends, value=own, problem="") if own.endswith(run.digits) else ends]


def _own(text: str, slot: Slot, names: Mapping[str, Any]) -> str:
    """The customer's own number, where the slot would take it and nobody else is named."""
    if not (names and slot.own and slot.default) or tells_of_another(text):
        return ""
    return str(words.evaluate(slot.default, names) or "")


def tells_end(text: str, number: str) -> bool:
    """Whether the last digits that are told are those of a number: 尾号5678 of 138…5678."""
    found = _told(fold(text))
    return found is not None and number.endswith(found[1].digits)


def _told(folded: str) -> tuple[int, Run] | None:
    """Where it begins to be about last digits, and these."""
    if not _LED.search(folded):
        return None
    runs = (run for run in find_runs(folded) if len(run.digits) in _FEW_DIGITS)
    led = ((_LED_TO.search(folded[: run.start]), run) for run in runs)
    return next(
        (
            (match.start(), run)
            for match, run in led
            # 「后面是100」 may be an amount.
            if match and (not match["after"] or len(run.digits) == max(_FEW_DIGITS))
        ),
        None,
    )


def _instead(folded: str, known: Iterable[str]) -> tuple[int, Run] | None:
    """The last digits that are said in place of those of a number that is known."""
    said = _INSTEAD.search(folded)
    if said is None or not any(number.endswith(said["old"]) for number in known):
        return None
    return next(((said.start(), run) for run in find_runs(folded) if run.end == said.end()), None)
