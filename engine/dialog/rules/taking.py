"""The rules of choices: one on the table is taken, by tap, by words, by a yes, by its number."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.dialog.acts.acts import ACTS
from engine.dialog.choices.cells import words_in
from engine.dialog.choices.choosing import meant
from engine.dialog.choices.contents import is_of_that_day
from engine.dialog.choices.extremes import asked_for, is_all
from engine.dialog.choices.naming import named_whole
from engine.dialog.judging import consenting, offered, pointing, staying, weighing
from engine.dialog.moment.moment import Moment
from engine.dialog.reading import ticking
from engine.dialog.reading.labels import PATTERN, labels, names_two
from engine.dialog.reading.listing import NOT
from engine.dialog.reading.reading import Reading
from engine.dialog.rules.consulting import chosen
from engine.dialog.rules.severally import apiece, exchange, leave, severally
from engine.dialog.state.session import CONFIRM, Offer, Value, each_of
from engine.dialog.state.sheet import needs
from engine.dialog.task.asking import EVERYTHING
from engine.dialog.wording import words
from engine.message import Reply
from engine.nlu.parse import OUT_OF_SCOPE, Intent, Parse

#: Acts that the name of a row may stand beside.
_BESIDE = ("skip", "affirm", "chitchat", "greet", "thanks")
#: Characters of the shortest name of a row.
_NAME = 2
#: What asks of a row what its label tells, and takes it not yet: 「精洗多少钱」.
_ASKS_OF = re.compile("多少钱|多少元|什么价|几块钱|怎么收费|怎么卖|多长时间|要多久")


async def button(moment: Moment) -> list[Reply] | None:
    """An exact choice: a slot's value at once; an intent goes on through the rules as if said."""
    payload = moment.inbound.payload
    if payload.startswith("/"):
        if replies := await chosen(moment, payload[1:]):
            return replies
        sure = Intent(payload[1:], 1.0)
        moment.parse = Parse(moment.text, sure, (sure,), ())
        return None
    slot, is_choice, value = payload.partition("=")
    if slot == CONFIRM and is_choice:
        return await _confirm(moment, value)
    if not is_choice or moment.task is None or slot not in moment.script.slots:
        return None
    on_table = [o for o in moment.session.offers if (o.slot, o.value) == (slot, value)]
    if value == EVERYTHING and moment.takes_several():
        return await _take(moment, *moment.session.offers)
    return await _take(moment, on_table[0] if on_table else Offer(slot, value, value))


async def _confirm(moment: Moment, readback: str) -> list[Reply] | None:
    """A tapped yes counts for what was read back above it, and not for what came since."""
    task, sure = moment.task, Intent("affirm", 1.0)
    moment.parse = Parse(moment.text, sure, (sure,), ())
    if task and task.asking == CONFIRM and task.readback == readback:
        return await moment.follow(await moment.form.commit())
    return await ACTS["affirm"](moment) or await moment.again(moment.phrases.doubted)


async def choice(moment: Moment) -> list[Reply] | None:
    """One of the choices on the table was meant, or fewer of them than there are."""
    offers = moment.session.offers
    if not offers or staying.asks_elsewhere(moment) or pointing.puts_another_right(moment):
        return None
    if pointing.counts_others(moment):
        return None
    if len(gone := pointing.given_up_of(moment)) == 1:
        return await _take(moment, *gone)
    if (
        moment.asked_slot
        and ticking.is_ticked(moment.asked_slot)
        and moment.asked & {*moment.read().values}
    ):
        # 「消毒要，打蜡不要」 is read as what it makes of the list.
        return None
    several = offered.several(moment) if moment.takes_several() else []
    if len(several) > 1 or (several and not offered.says_others(moment)):
        return await _take(moment, *several, beside=True)
    if every := await apiece(moment) or await severally(moment):
        return every
    if (best := asked_for(offers, moment.text)) and offers[0].slot:
        # Who asks which is the cheapest has not taken it yet.
        return await moment.follow(moment.form.narrow(best))
    if moment.intent == "skip" and (one := _named(moment)):
        # 「随便，就小雅吧」
        return await _take(moment, one, beside=True)
    if moment.intent in ACTS and moment.is_certain and not pointing.left_of(moment, offers):
        return None
    left_within = offered.bounded(moment)
    if left_within is not None and len(left_within) != 1:
        if not left_within:
            return await moment.again(moment.phrases.none_fits)
        return await moment.follow(moment.form.narrow(left_within))
    return await _left(moment)


async def _left(moment: Moment) -> list[Reply] | None:
    """Take the only choice that words leave on the table, or narrow it down to those they leave."""
    offers = moment.session.offers
    left = pointing.left_of(moment, offers) or meant(
        offers, moment.text, moment.parse.entities, moment.phrases.dayparts
    )
    if len(left) == 1:
        return await _only(moment, left[0])
    if not left and all(offer.row is not None for offer in offers) and _may_name(moment):
        one = None if offered.says_others(moment) else _named(moment)
        return await _take(moment, one, beside=True) if one else None
    if not left and offers[0].slot and pointing.narrows_to_nothing(moment):
        return await moment.again()
    are_rows = all(offer.row is not None for offer in left)
    if left and are_rows and len(left) < len(offers) and pointing.narrows(moment):
        return await moment.follow(moment.form.narrow(left))
    return None


async def _only(moment: Moment, only: Offer) -> list[Reply] | None:
    """Take the one choice that is meant, unless more is said than that, or it is only asked of."""
    if offered.says_more(moment, only) or offered.says_others(moment):
        return None
    if not is_all(only) and _names_two_kinds(moment):
        return None
    if only.row is not None and _ASKS_OF.search(moment.text):
        return await moment.follow(moment.form.narrow([only]))
    return await _take(moment, only, beside=only.row is not None)


async def both(moment: Moment) -> list[Reply] | None:
    """Take all of the choices where what began the task named each of them: 「交宽带和话费」."""
    offers = moment.session.offers
    if not offers or not _names_two_kinds(moment):
        return None
    left = meant(offers, moment.text, moment.parse.entities, moment.phrases.dayparts)
    is_one = len(left) == 1 and is_all(left[0])
    return await _take(moment, left[0], beside=True) if is_one else None


def _names_two_kinds(moment: Moment) -> bool:
    """Whether two kinds of rows are named, so that no one of them is meant: 「网费和话费」."""
    return moment.task is not None and names_two(moment.text, moment.script)


def _may_name(moment: Moment) -> bool:
    """Whether other words may stand beside a row's name: 「随便，就小雅吧」."""
    return bool(moment.read()) or moment.intent in (OUT_OF_SCOPE, *_BESIDE)


def _named(moment: Moment) -> Offer | None:
    """The row that is named where nothing is asked: 「哪个都行，就小雅吧」."""
    asks, text = moment.phrases.question_cues, moment.text
    if any(offer.row is None for offer in moment.session.offers):
        return None
    if not moment.read():
        clauses = consenting.CLAUSE.split(text)
        text = "，".join(each for each in clauses if not any(cue in each for cue in asks))
    return named_whole(text, moment.session.offers, moment.parse.entities)


async def renamed(moment: Moment) -> list[Reply] | None:
    """Another row than the one that was chosen before, by its name: 「不对，看流浪地球」.

    A row that is turned down waits no more: 「晚上那班的不要」 of two that are done in turn.
    """
    if moment.task is None or moment.inbound.payload or not weighing.may_rename(moment):
        return None
    if _lets_go(moment):
        return None
    there = await moment.form.beside() if moment.session.later else []
    left = pointing.left_of(moment, there)
    gone = [offer for offer in there if left and offer not in left]
    # 「改到明天早上」 of a date that is a slot looks the rows up again.
    read = {kind for name in moment.read().values for kind in moment.script.slots[name].type}
    other = await moment.form.named_anew(
        moment.text, moment.parse.entities, loosely=read.isdisjoint(("date", "time", "datetime"))
    )
    if other is None:
        return await moment.again() if leave(moment, gone) else None
    moment.trace.repair = "correction"
    before = moment.task.slots[other.slot].row
    if gone:
        leave(moment, gone)
        # What was said of the one that waited holds for it now.
        moment.parse = next(iter(leave(moment, [other])), moment.parse)
    elif before:
        exchange(moment, other, before)
    return await _take(moment, other, beside=True)


def _lets_go(moment: Moment) -> bool:
    """Whether somebody is taken off a list, so that no row is turned down: 「儿子明天不飞了」."""
    slots = moment.script.slots
    return any(
        NOT in each
        for name, value in moment.read().values.items()
        for each in each_of(value)
        if slots[name].many
    )


async def accepted(moment: Moment) -> list[Reply] | None:
    """A yes to the only business, the only question, or the only other value that is offered."""
    offers = moment.session.offers
    is_yes = moment.intent == "affirm" and not moment.has_cue(moment.phrases.doubt_cues)
    if not is_yes or len(offers) != 1:
        return None
    if moment.task is not None and weighing.says_otherwise(moment):
        # 「我要办去成都的」 is no yes to the flight to 上海.
        return None
    is_asked = moment.task is not None and offers[0].slot == moment.task.asking
    if not (is_asked if moment.task else not offers[0].slot):
        return None
    return await _take(moment, await _another(moment, offers[0]) or offers[0])


async def _another(moment: Moment, only: Offer) -> Offer | None:
    """Another row than the only one on the table, where words name it: 「那就标准洗」."""
    said = (*moment.phrases.yes_cues, *moment.phrases.yes_fillers, *words_in(only), only.label)
    rest = re.sub(r"\W", "", consenting.without(moment.text, said))
    if only.row is None or moment.inbound.payload or len(rest) < _NAME:
        return None
    return await moment.form.another(only.slot, moment.text, moment.parse.entities)


async def _take(moment: Moment, *offers: Offer, beside: bool = False) -> list[Reply]:
    """Take choices; ``beside``: with what was said for other slots in the same words."""
    if not offers[0].slot:
        if replies := await chosen(moment, offers[0].value):
            return replies
        if before := moment.session.wondering:
            # Its words count as well: 「帮我妈充」 is not for the own number.
            moment.parse = replace(before, intent=Intent(offers[0].value, 1.0))
        entities = moment.parse.entities if before else ()
        return await moment.start(offers[0].value, entities, offers[0].carry)
    form = moment.form
    if beside:
        form.listen(moment.text, moment.parse.entities)
    reading = _beside(moment) if beside else Reading()
    form.choose(*offers)
    form.put(_others(moment, offers[0], reading))
    return await moment.follow(await form.advance())


def _beside(moment: Moment) -> Reading:
    """What is said beside a choice; a bare number only where words name that: 「手机的30」."""
    told = moment.told(moment.parse.entities)
    is_named = any(entity.type == PATTERN for entity in told.entities)
    return told if is_named else moment.read()


def _others(moment: Moment, chosen: Offer, reading: Reading) -> dict[str, Value]:
    """What a message says beside a choice: not what the choice was found with, or is called."""
    found_with = {chosen.slot, *needs(moment.script.slots[chosen.slot])}
    beside = words.either(tuple(words_in(chosen)) or (chosen.label,)).sub("\n", moment.text)
    assert moment.task is not None  # noqa: S101 - a row is chosen only within one
    found, told = (
        dict(labels(text, moment.script, moment.task)).keys() for text in (moment.text, beside)
    )
    # 大学 of 师范大学 is no degree, 周末 of 周末班 no day.
    within = found_with | (found - told) | _within_its_name(moment, chosen, reading)
    return {n: v for n, v in reading.values.items() if n not in within}


def _within_its_name(moment: Moment, chosen: Offer, reading: Reading) -> set[str]:
    """The slots whose values only say which row is meant: within its words, or by its day."""
    names = words.either(tuple(words_in(chosen)) or (chosen.label,)).finditer(moment.parse.text)
    spans = [name.span() for name in names]
    cells = [str(cell) for cell in (chosen.row or {}).values()]
    inside = {
        entity.value
        for entity in reading.entities
        if any(start <= entity.start and entity.end <= end for start, end in spans)
        # 「明天那个」 is the row of that day, and moves no other one.
        or (entity.type == "date" and any(cell.startswith(str(entity.value)) for cell in cells))
        or is_of_that_day(chosen, entity)
    }
    values = reading.values.items()
    return {name for name, value in values if isinstance(value, str) and value in inside}


async def bare_number(moment: Moment) -> list[Reply] | None:
    """A number alone: 12排 says what it is, 12 may be meant for more than one slot."""
    if moment.task is None or (number := pointing.lone_number(moment)) is None:
        return None
    offers = moment.form.bare(*number)
    if len(offers) > 1:
        return await moment.follow(moment.form.which(offers, moment.text))
    return await _take(moment, offers[0]) if offers else None
