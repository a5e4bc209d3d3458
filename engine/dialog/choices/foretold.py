"""A choice that was named before it was on the table: 「后天下午两点，王医生」 names two."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.business.provider import Row
from engine.dialog.choices.abbreviating import abbreviated
from engine.dialog.choices.bounds import within
from engine.dialog.choices.cells import words_in
from engine.dialog.choices.choosing import by_end, by_words, meant
from engine.dialog.choices.contents import at_daypart, in_month, is_of_that_day
from engine.dialog.choices.extremes import further, outermost
from engine.dialog.choices.naming import by_kind, named_whole
from engine.dialog.choices.quantities import begun_with
from engine.dialog.choices.sparing import spared
from engine.dialog.reading.titles import is_title
from engine.dialog.state.session import Offer, Value
from engine.dialog.state.sheet import Sheet
from engine.dialog.wording.lexicon import either
from engine.nlu.grammar import find_entities
from engine.nlu.parse import Entity

#: Messages that are kept: what was said longer ago is hardly meant any more.
KEPT = 4
#: Characters of a word.
_SHORTEST = 2
#: In place of a character that is left out; it parts no clauses.
_LEFT_OUT = "·"
#: What parts the clauses of a message.
_CLAUSES = re.compile(r"[，,、；;。\s]+")
#: What turns down what was chosen, or wishes for another one as well.
_INSTEAD = re.compile("不|错|换|改|也")
#: What the choice is changed to.
_CHANGED = re.compile(r"[换改](?:成|到|为|去)?(?P<to>[^，,。换改成到为去]{2,10})$")
#: As long as a name is.
_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
#: After the name of what is put right.
_AMISS = "(?:[写填说选]?错了?|不对|有误)?[，, ]*"
#: What puts another one in the place of what was chosen.
_IN_PLACE = (
    "(?:还是|我想|帮我|给我)*(?:改[成为到]?|换[成到为]?|选|要|用)(?P<value>[^，,。；;！!？?]+)"
)
#: What something is changed to.
_NEW = re.compile("(?:改|换|推迟?|延迟?|延后|提前|挪|调)(?:到|成|为|至)(?P<new>[^，,。；;！!？?]+)")
#: After a day by which something that has been is named.
_POINTS = ("那次", "那趟", "那单", "那笔", "那天", "的那")
#: What a message holds that names a time, or a day.
_TIMES = re.compile(r"点|[0-9]:[0-9]|：|[号日]|周|星期|礼拜|[今明后]天")


def foretold(
    offers: Sequence[Offer],
    messages: Iterable[str],
    dayparts: Mapping[str, tuple[int, int]],
    now: datetime,
) -> Offer | None:
    """The one offer that the latest of the messages which names any has named."""
    for text in messages:
        entities = find_entities(text, now=now) if _TIMES.search(text) else []
        if one := told(offers, text, entities, dayparts):
            return one
    return None


def person_before(sheet: Sheet, name: str, text: str, now: datetime) -> str:
    """The name for a slot that was said among other values, before anybody was asked for it.

    It is looked for in ``text``, which was said last, and in what was said before.

    Rows that are still to be chosen may be people, too: then nobody knows who is meant.
    """
    task, slots = sheet.task, sheet.script.slots
    slot = slots[name]
    if slot.type != ("person",) or slot.is_list or slot.resolve or name in task.asked:
        return ""
    if any(o.options and n not in task.slots and sheet.matters(n) for n, o in slots.items()):
        return ""
    cells = {str(cell) for each in task.slots.values() for cell in (each.row or {}).values()}
    said = {str(each.said) for each in task.slots.values()}
    return _person([text, *reversed(task.heard)], cells | said, now)


def _person(messages: Iterable[str], known: Collection[str], now: datetime) -> str:
    """The name that one of several clauses of a message is: 「张医生，两点，王小明」.

    ``known`` are names that were meant for something else. Nothing where several may be meant.
    """
    for text in messages:
        clauses = [clause for clause in _CLAUSES.split(text) if clause]
        short = [
            each
            for each in clauses
            if each not in known and _NAME.fullmatch(each) and not is_title(each)
        ]
        names = [each for each in short if _is_name(each, now)] if len(clauses) > 1 else []
        if names:
            return names[0] if len(names) == 1 else ""
    return ""


def _is_name(clause: str, now: datetime) -> bool:
    return any(
        entity.type == "person" and entity.text == clause
        for entity in find_entities(clause, now=now)
    )


def without_title(text: str, title: str) -> str:
    """Words that begin a task without those of its title, which only say what is to be done.

    「退款不退了」 of 撤销退款 names no row that is 退款中. The places of all else stay.
    """
    for length in range(len(title), _SHORTEST - 1, -1):
        for at in range(len(title) - length + 1):
            text = text.replace(title[at : at + length], _LEFT_OUT * length)
    return text


def without_chosen(text: str, labels: Iterable[str], offers: Sequence[Offer]) -> str:
    """Words that begin a task without fixed choices that they make, which are no 智能锁: 换锁.

    What stands within the name of a row that is said does name it. The places of all else stay.
    """
    shown = [word for offer in offers for word in words_in(offer)]
    for label in labels:
        is_head = len(label) >= _SHORTEST and any(word.endswith(label[-1]) for word in shown)
        if is_head and not any(label in word for word in shown if word in text):
            text = text.replace(label, _LEFT_OUT * len(label))
    return text


def without_new(text: str, taken: Collection[str], now: datetime) -> str:
    """Words that begin a task without what something is changed to, where slots have taken it.

    「冰箱改到周五下午送」 names no row that is of Friday. The places of all else stay.
    """
    for found in _NEW.finditer(text):
        new = found["new"]
        if any(each.value in taken for each in find_entities(new, now=now)):
            start, end = found.span("new")
            text = f"{text[:start]}{_LEFT_OUT * len(new)}{text[end:]}"
    return text


def named_beside(offers: Sequence[Offer], text: str, title: str) -> list[Offer]:
    """The one offer that is named in words of the title with others: 大保养 of 预约保养.

    All of them where none is, or several are.
    """
    named = [
        offer
        for offer in offers
        if any(
            word in text and word not in title and without_title(word, title) != word
            for word in words_in(offer)
        )
    ]
    return named if len(named) == 1 else list(offers)


def has(row: Row, given: Mapping[str, Any]) -> bool:
    """Whether a row has what was asked with, in the columns of these names."""
    shared = given.keys() & row.keys()
    return bool(shared) and all(row[key] == given[key] for key in shared)


def outermost_at_first(offers: Sequence[Offer], opener: str, *, fewest: int = 2) -> list[Offer]:
    """What one of the clauses means by comparing: 「要两份午餐，最便宜的」.

    Nothing where there are not so many clauses.
    """
    clauses = [clause for clause in _CLAUSES.split(opener) if clause]
    if len(clauses) < fewest:
        return []
    return next(filter(None, (outermost(offers, clause) for clause in clauses)), [])


def anew(
    offers: Sequence[Offer],
    text: str,
    entities: Sequence[Entity],
    value: Value,
    dayparts: Mapping[str, tuple[int, int]] | None,
) -> Offer | None:
    """Another offer than that of a value; with ``dayparts`` also by its day, time or kind."""
    if left := spared(offers, text, dayparts or {}, entities):
        # 「手机的先不交」 of two bills; what is named only to be left out is not taken.
        return left[0] if len(left) == 1 and left[0].value != value else None
    found = named_whole(text, offers, entities, but=value)
    found = found or further(offers, text, str(value))
    found = found or _by_place(text, offers, entities)
    if found is None and dayparts is not None:
        furthest = outermost(offers, text)
        found = furthest[0] if len(furthest) == 1 else told(offers, text, entities, dayparts)
        found = found or _changed_to(offers, text)
    return found if found and found.value != value else None


def _by_place(text: str, offers: Sequence[Offer], entities: Sequence[Entity]) -> Offer | None:
    """The one that is called by its number in place of another, or beside it: 「第二个也办」."""
    numbers = [int(e.value) for e in entities if e.type == "ordinal" and e.strict and e.value]
    is_instead = _INSTEAD.search(text) is not None and len(numbers) == 1
    return offers[numbers[0] - 1] if is_instead and 0 < numbers[0] <= len(offers) else None


def _changed_to(offers: Sequence[Offer], text: str) -> Offer | None:
    """The one offer of which a part is named after a word of change: 「换成云南那个」."""
    said = _CHANGED.search(text)
    left = (by_words(offers, said["to"]) or abbreviated(offers, said["to"])) if said else []
    return left[0] if len(left) == 1 else None


def by_its_name(
    offers: Sequence[Offer],
    called: Collection[str],
    text: str,
    entities: Sequence[Entity],
    dayparts: Mapping[str, tuple[int, int]],
) -> Offer | None:
    """The offer in place of the one that was chosen, after what it is called: 「地点换成东区」.

    With the name before it, it may be said in any way in which it may be chosen.
    """
    named = re.search(rf"(?:{either(called)}){_AMISS}{_IN_PLACE}", text) if called else None
    if named is None:
        return None
    within = [e for e in entities if named.start("value") <= e.start and e.end <= named.end()]
    left = meant(offers, named["value"].strip(), within, dayparts)
    return left[0] if len(left) == 1 else None


def told(
    offers: Sequence[Offer],
    text: str,
    entities: Sequence[Entity],
    dayparts: Mapping[str, tuple[int, int]],
) -> Offer | None:
    """The one offer that a message names: by a word of its row, its time, or its time of day."""
    if one := named_whole(text, offers, entities):
        return one
    for found in (by_end(offers, text), begun_with(offers, text), in_month(offers, text)):
        if len(found) == 1:
            return found[0]
    days = {e.value for e in entities if e.type == "date" and e.value}
    there = [o for o in offers if days & {str(cell)[:10] for cell in (o.row or {}).values()}]
    # 「11月12号那次」
    pointed = [e for e in entities if text[e.end :].startswith(_POINTS)]
    there = there or [o for o in offers if any(is_of_that_day(o, e) for e in pointed)]
    offers = there or offers
    has_time = any(e.type == "time" and e.value for e in entities)
    left = within(offers, text, entities) if has_time else None
    if left is None and not has_time:
        left = at_daypart(offers, text, dayparts)
    if not left or len(left) > 1:
        left = by_kind(left or offers, text) or (there if len(there) == 1 else [])
    return left[0] if len(left) == 1 else None
