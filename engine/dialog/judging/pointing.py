"""Whether a message points at one of the choices, or at what was chosen, by a word for it."""

from __future__ import annotations

import re

from engine.dialog.choices.sparing import given_up, spared
from engine.dialog.judging import consenting
from engine.dialog.moment.moment import Moment
from engine.dialog.reading.assigning import cues
from engine.dialog.reading.coverage import beside
from engine.dialog.reading.denying import refused
from engine.dialog.state.session import Offer
from engine.dialog.wording import words
from engine.nlu.grammar import find_entities
from engine.nlu.parse import Entity

#: What may stand beside the words that narrow choices down: 班, 航班, 这张.
_NOUN = 2
#: 手机的, 宽带那个: two to four characters, and what points at one of several.
_POINTED = re.compile(r"(\w{2,4}?)(?:的那?[个笔张班份条]?|那[个笔张班份条])")
#: What points at one of several by when it is.
_ONE_OF_THEM = ("那班", "这班", "那趟", "这趟", "那个", "这个", "那一班", "那一趟")
_TIMES = ("date", "time", "datetime")
#: After a number: that one as well.
_ALSO = re.compile(r"\w{0,3}也")
#: What makes a number a part of a code.
_LETTER = re.compile("[A-Za-z]")


def narrows(moment: Moment) -> bool:
    """Whether words speak of the choices: 「下午那班」, and not 「CA1234晚上几点起飞」.

    What fills a slot of its own is an answer, which looks the choices up again.
    """
    left = "".join(beside(moment.parse.text, moment.parse.entities))
    rest = consenting.without(left, tuple(moment.phrases.dayparts)).strip()
    return len(rest) <= _NOUN and not moment.read()


def narrows_to_nothing(moment: Moment) -> bool:
    """Whether words speak of the choices by a time of day at which there is none."""
    named = moment.has_cue(tuple(moment.phrases.dayparts))
    return named and all(o.row is not None for o in moment.session.offers) and narrows(moment)


def puts_another_right(moment: Moment) -> bool:
    """Whether all of a message is a value for a slot that it names, and that was told before.

    In 「份数改成2」 the 2 is no row with a 2.
    """
    if moment.task is None:
        return False
    text, named = moment.parse.text, []
    for name in moment.task.slots.keys() - moment.asked:
        slot = moment.script.slots.get(name)
        if slot is None:
            continue
        for entity in moment.parse.entities:
            told = [cue for cue in cues(slot, text, entity) if cue.value in slot.called]
            if entity.type in slot.type and told:
                named += [entity, *told]
    corrects = words.either(moment.phrases.correction_cues)
    return bool(named) and len(corrects.sub("", "".join(beside(text, named)))) <= _NOUN


def lone_number(moment: Moment) -> tuple[str, str] | None:
    """The number that is all of a message, and the word after it: 12, 12排."""
    for entity in moment.parse.entities:
        if entity.type != "number" or not (entity.value or "").isdecimal():
            continue
        if _LETTER.match(moment.parse.text, entity.end):
            # 99Z is no row, but a seat that no cabin has.
            continue
        rest = "".join(beside(moment.parse.text, [entity]))
        if not moment.parse.text[: entity.start].strip("就要坐选第") and len(rest) <= _NOUN:
            return entity.value or "", rest.strip("就要坐选第")
    return None


def points_at(moment: Moment) -> bool:
    """Whether a few words only name what the task has settled already: 「手机的」 of 手机话费."""
    assert moment.task is not None  # noqa: S101 - asked only within a task
    rows = (filled.row or {} for filled in moment.task.slots.values())
    part = _POINTED.fullmatch(moment.text)
    named = part is not None and any(
        part[1] in cell for row in rows for cell in row.values() if isinstance(cell, str)
    )
    return named or _points_by_time(moment)


def _points_by_time(moment: Moment) -> bool:
    """Whether words only tell which of the rows is meant by when it is: 「早上九点那趟」."""
    task, text = moment.task, moment.text.rstrip("，。！吧的啊呀哦")
    chosen = task and any(
        slot.options and name in task.slots for name, slot in moment.script.slots.items()
    )
    if not chosen or not text.endswith(_ONE_OF_THEM):
        return False
    entities = [entity for entity in moment.parse.entities if entity.type in _TIMES]
    left = consenting.without("".join(beside(text, entities)), tuple(moment.phrases.dayparts))
    return bool(entities) and len(left.replace(" ", "")) <= _NOUN


def counts_others(moment: Moment) -> bool:
    """Whether a number is of the rows shown before, and of no fixed choice: 「第一个也办」."""
    slots, offers = moment.script.slots if moment.task else {}, moment.session.offers
    chosen = moment.task and any(filled.row for filled in moment.task.slots.values())
    counted = [each for each in moment.parse.entities if each.type == "ordinal"]
    is_fixed = all(offer.slot in slots and offer.row is None for offer in offers)
    return bool(chosen and is_fixed) and any(_ALSO.match(moment.text, e.end) for e in counted)


def given_up_of(moment: Moment) -> list[Offer]:
    """The rows that are not wanted, where the business takes back what is not."""
    offers, title = moment.session.offers, moment.script.title if moment.task else ""
    if not _are_rows(offers):
        return []
    dayparts, entities = moment.phrases.dayparts, _with_the_refused(moment)
    return given_up(offers, moment.text, dayparts, entities, title=title)


def left_of(moment: Moment, offers: list[Offer]) -> list[Offer]:
    """The rows that are left where some are turned down: 「不是早上那班」, 「不要后天的」."""
    if not _are_rows(offers):
        return []
    return spared(offers, moment.text, moment.phrases.dayparts, _with_the_refused(moment))


def _with_the_refused(moment: Moment) -> list[Entity]:
    """What was said, with the days that are turned down: 「不要后天那班」 means none."""
    found = [find_entities(what, now=moment.acts.now) for what in refused(moment.text)]
    return [*moment.parse.entities, *(entity for each in found for entity in each)]


def _are_rows(offers: list[Offer]) -> bool:
    return all(offer.slot and offer.row is not None for offer in offers)
