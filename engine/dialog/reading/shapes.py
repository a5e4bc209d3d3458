"""Free answers that are known by how they look, before anybody asked: 「送到花园路5号，半糖」."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from engine.dialog.reading.vocabulary import FREE_TEXT
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task
from engine.dialog.wording.lexicon import Shape, either, lexicon
from engine.nlu.parse import Entity

_CLAUSE = re.compile(r"[^，,；;]+")
#: Who comes there, after the time: 后天下午三点来花园路5号.
_COMES = re.compile("^(?:你们|师傅|直接)?(?:请|过)?[来去到在上回]")
_DATED = frozenset(("date", "time", "datetime"))
#: A clause is another value where one is this much of it.
_MOSTLY = 0.5


def shaped(
    text: str,
    script: Script,
    task: Task,
    found: Collection[Entity],
    known: Collection[str],
) -> Iterator[tuple[str, Entity]]:
    """What looks like the answer to the one open question of its kind.

    ``known`` are slots that the text names by themselves, ``found`` its other values. An answer to
    the question that was asked is taken whole, unless all that stands beside it are values.
    """
    asked = script.slots.get(task.asking)
    is_free = asked is not None and FREE_TEXT in asked.type
    for shape in lexicon().shapes:
        slots = [n for n, slot in script.slots.items() if _is_of(slot, shape)]
        if len(slots) > 1:
            slots = [n for n in slots if _is_led_to(text, script.slots[n], shape)]
        is_open = len(slots) == 1 and slots[0] not in task.slots and slots[0] not in known
        said = re.search(shape.pattern, text) if is_open else None
        if said is None:
            continue
        # An address is more than what looks so; of 「牌照是粤B5K777」 a plate is all.
        is_whole = task.asking == slots[0] and bool(shape.lead)
        if is_whole and not _is_beside_values(text, said, found):
            continue
        if is_free and task.asking != slots[0] and len(said[0]) > _MOSTLY * len(text.strip()):
            # All of an answer to another question is that: 人民医院12楼35床.
            continue
        value = _without_time(said, found)
        value = re.sub(f"^(?:{shape.lead})", "", value) if shape.lead else value
        value = re.sub(f"^.*?(?:{either(script.slots[slots[0]].before) or '(?!)'})", "", value)
        if re.fullmatch(shape.pattern, value):
            start = said.end() - len(value)
            # What leads to it may hold values of its own: 「明天十点送到花园路5号」.
            led = any(said.start() < each.end <= start for each in found)
            start = start if led else said.start()
            yield slots[0], Entity("named", value, text[start : said.end()], start, said.end())


def _without_time(said: re.Match[str], found: Collection[Entity]) -> str:
    """What looks so after the time that is said right before it."""
    ends = (each.end for each in found if each.type in _DATED and each.strict)
    end = max((end for end in ends if said.start() < end < said.end()), default=0)
    return _COMES.sub("", said.string[end : said.end()]) if end else said[0]


def _is_of(slot: Slot, shape: Shape) -> bool:
    names = "".join((*slot.called, *slot.ask))
    return FREE_TEXT in slot.type and any(word in names for word in shape.words)


def _is_led_to(text: str, slot: Slot, shape: Shape) -> bool:
    """Whether a word that stands before the values of a slot is right before what looks so."""
    leads = either(slot.before)
    return bool(leads) and re.search(f"(?:{leads}){shape.pattern}", text) is not None


def _is_beside_values(text: str, said: re.Match[str], found: Collection[Entity]) -> bool:
    others = [
        clause[0]
        for clause in _CLAUSE.finditer(text)
        if clause.end() <= said.start() or said.end() <= clause.start()
    ]
    texts = {entity.text for entity in found}
    return bool(others) and all(
        any(text in clause and len(text) >= _MOSTLY * len(clause) for text in texts)
        for clause in others
    )
