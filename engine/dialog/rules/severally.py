"""All of the choices where a task takes one, and what is left of them: 「两个航班都要值机」."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import msgspec

from engine.business.provider import Row
from engine.dialog.choices.apiece import CLAUSE, Clause, within_span
from engine.dialog.choices.apiece import apiece as each_in_turn
from engine.dialog.choices.choosing import meant
from engine.dialog.moment import referring
from engine.dialog.moment.moment import Moment
from engine.dialog.reading.denying import left_out
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import CONFIRM, Offer
from engine.dialog.state.sheet import needs
from engine.dialog.wording import words
from engine.message import Reply
from engine.nlu.parse import Entity, Intent, Parse

#: More than this are too many to go through one by one.
_MOST = 4
#: What proves who somebody is says nothing of which one is meant.
_PROOF = ("id_number", "order_no")
#: Begins what is said of all: 「都靠窗」.
_OF_ALL = ("都", "全都", "一律", "统一")
#: What wishes for one more.
_ALSO = "也"
#: Entities that name people, and what may stand between them and a word for all.
_PEOPLE, _SAID_OF = ("word", "person"), "的人也想要给 "
#: In a row that stands for all of them by itself.
_ALL = "all"


async def severally(moment: Moment) -> list[Reply] | None:
    """Take the first choice now and keep the others; None where one of them is meant."""
    offers = moment.session.offers
    if moment.task is None or not _are_all_meant(moment, offers):
        return None
    script = moment.script
    wishes = [_wish(script, offer) for offer in offers[1:]]
    if not all(wish.entities for wish in wishes):
        return None
    for text, entities in _said_of_all(moment):
        wishes = [_with(wish, text, entities) for wish in wishes]
    moment.session.later = [*wishes, *moment.session.later]
    moment.preface = moment.say(moment.phrases.later, title=script.title).text
    form = moment.form
    form.choose(offers[0])
    return await moment.follow(await form.advance())


async def apiece(moment: Moment) -> list[Reply] | None:
    """Take the first of the rows that something is said of each, and keep the others with theirs.

    「早上那个靠窗，晚上那个靠过道」
    """
    clauses = _clauses(moment)
    if not clauses:
        return None
    script, (text, entities, first) = moment.script, clauses[0]
    wishes = [_with(_wish(script, row), said, values) for said, values, row in clauses[1:]]
    moment.session.later = [*wishes, *moment.session.later]
    moment.preface = moment.say(moment.phrases.later, title=script.title).text
    moment.parse = replace(moment.parse, text=text, entities=entities)
    form, reading = moment.form, moment.read()
    form.listen(text, entities)
    form.choose(first)
    narrowing = needs(script.slots[first.slot])
    form.put({name: said for name, said in reading.values.items() if name not in narrowing})
    return await moment.follow(await form.advance())


async def the_other(moment: Moment) -> list[Reply] | None:
    """Take the only choice beside the one that was done last: 「还有一个航班」 of two."""
    done, offers = next(referring.recent(moment), None), moment.session.offers
    is_same = done and moment.task and done.intent == moment.task.intent
    if not done or not is_same or not moment.has_cue(moment.phrases.other_cues):
        return None
    left = [each for each in offers if each.row and not _shows(each.row, done.gives)]
    if not len(left) == 1 < len(offers):
        return None
    form = moment.form
    form.choose(left[0])
    return await moment.follow(await form.advance())


def _shows(row: Row, given: Mapping[str, str]) -> bool:
    """Whether a row is what was done: it has the same in every column that was given."""
    return all(row[name] == value for name, value in given.items() if name in row)


async def for_the_others(moment: Moment) -> list[Reply] | None:
    """Let what is said of all hold for those that wait, too: 「都靠窗」 at the first one's seat.

    It says nothing itself: the first one is answered as it always is.
    """
    task, later, whole = moment.task, moment.session.later, moment.parse
    alike = [wish for wish in later if task and wish.intent.name == task.intent]
    if task is None or not alike or task.asking == CONFIRM or (said := _of_all(moment)) is None:
        return None
    # 「两个都靠窗」 of two flights counts no people.
    moment.parse = said
    if moment.read().values.keys() - task.slots.keys():
        told = said.text, said.entities
        moment.session.later = [_with(w, *told) if w in alike else w for w in later]
    else:
        moment.parse = whole
    return None


async def for_each_other(moment: Moment) -> list[Reply] | None:
    """Let what is said of each that waits hold for it: 「早上那个靠窗，晚上那个靠过道」.

    It says nothing itself, as `for_the_others`.
    """
    task, later = moment.task, moment.session.later
    waiting = {id(w): _values(w) for w in later if task and w.intent.name == task.intent}
    if task is None or not waiting or task.asking == CONFIRM or not CLAUSE.search(moment.text):
        return None
    offers = await moment.form.beside()
    taken = [f.row for f in task.slots.values() if f.row]
    parse, told = moment.parse, dict[int, Clause]()
    for clause in each_in_turn(offers, parse.text, parse.entities, moment.phrases.dayparts):
        row = _values(_wish(moment.script, clause[2]))
        told |= {at: clause for at, values in waiting.items() if row and row <= values}
        if clause[2].row in taken:
            moment.parse = replace(parse, text=clause[0], entities=clause[1])
    moment.session.later = [_with(w, *told[id(w)][:2]) if id(w) in told else w for w in later]
    return None


def _of_all(moment: Moment) -> Parse | None:
    """What is said of all, where a message begins with a word for them and goes on."""
    parse = moment.parse
    found = words.either(moment.phrases.all_cues).match(parse.text)
    if found and found.end() < len(parse.text):
        within = within_span(parse.entities, found.end(), len(parse.text))
        return replace(parse, text=parse.text[found.end() :], entities=within)
    return parse if parse.text.startswith(_OF_ALL) else None


def _clauses(moment: Moment) -> list[Clause]:
    """The clauses of which each says the same kind of thing of another row; none turns one down."""
    offers, phrases = moment.session.offers, moment.phrases
    unsure = (*phrases.rather_cues, *phrases.question_cues, *phrases.drop_cues)
    is_one = all(offer.row and offer.slot == offers[0].slot for offer in offers)
    if not 1 < len(offers) <= _MOST or not is_one:
        return []
    if moment.has_cue(unsure) or left_out(moment.text):
        return []
    found = each_in_turn(offers, moment.text, moment.parse.entities, phrases.dayparts)
    narrowing = needs(moment.script.slots[offers[0].slot]) | {offers[0].slot}
    whole, told = moment.parse, list[set[str]]()
    for text, entities, _ in found:
        moment.parse = replace(whole, text=text, entities=entities)
        told.append(moment.read().values.keys() - narrowing)
    moment.parse = whole
    return found if told and set.intersection(*told) else []


def _with(wish: Parse, text: str, entities: tuple[Entity, ...]) -> Parse:
    """A wish with what was said of it beside its row."""
    at = len(wish.text) + 1
    moved = (replace(e, start=e.start + at, end=e.end + at) for e in entities)
    return replace(wish, text=f"{wish.text} {text}", entities=(*wish.entities, *moved))


def _said_of_all(moment: Moment) -> Iterator[tuple[str, tuple[Entity, ...]]]:
    """The clauses that tell no row: 都要靠过道 of 「两趟都办，都要靠过道」."""
    slot = moment.session.offers[0].slot
    narrowing, whole = needs(moment.script.slots[slot]) | {slot}, moment.parse
    for clause in CLAUSE.finditer(whole.text):
        within = within_span(whole.entities, *clause.span())
        moment.parse = replace(whole, text=clause[0], entities=within)
        told = moment.read().values.keys()
        moment.parse = whole
        if told and told.isdisjoint(narrowing):
            yield clause[0], within


def exchange(moment: Moment, taken: Offer, left: Row) -> None:
    """Let the row that was chosen wait in the place of the one that is taken instead.

    「先办晚上的」 of two flights that are both to be checked in; 「早上的也办」 of one.
    """
    script, later = moment.script, moment.session.later
    mine = _values(_wish(script, taken))
    others = [wish for wish in later if wish.intent.name != script.intent or _values(wish) != mine]
    if len(others) < len(later) or _ALSO in moment.text:
        moment.session.later = [_wish(script, msgspec.structs.replace(taken, row=left)), *others]


def leave(moment: Moment, rows: Sequence[Offer]) -> list[Parse]:
    """Let these rows wait no more; returns the wishes for those that did."""
    script, later = moment.script, moment.session.later
    gone = [_values(_wish(script, row)) for row in rows]
    left = [
        wish
        for wish in later
        if wish.intent.name == script.intent and any(_is_for(wish, row) for row in gone)
    ]
    moment.session.later = [wish for wish in later if wish not in left]
    return left


def _is_for(wish: Parse, row: set[tuple[str, str | None]]) -> bool:
    """Whether a wish names nothing of its row that this row has not."""
    kinds = {kind for kind, _ in row}
    named = {(kind, value) for kind, value in _values(wish) if kind in kinds}
    return bool(named) and named <= row


def _values(wish: Parse) -> set[tuple[str, str | None]]:
    return {(entity.type, entity.value) for entity in wish.entities}


def _are_all_meant(moment: Moment, offers: list[Offer]) -> bool:
    is_one = all(offer.row and offer.slot == moment.session.offers[0].slot for offer in offers)
    if not 1 < len(offers) <= _MOST or not is_one or moment.takes_several():
        return False
    if any(offer.value == _ALL or (offer.row or {}).get(_ALL) for offer in offers):
        return False
    left = meant(offers, moment.text, moment.parse.entities, moment.phrases.dayparts)
    return len(left) != 1 and _is_of_rows(moment)


def _is_of_rows(moment: Moment) -> bool:
    """Whether a word for all is said, and not of the people before it: 「我们仨都办」."""
    said, slots = moment.parse.text, moment.script.slots
    reading = moment.read()
    has_people = any(slots[name].many for name in reading.values)
    people = [e for e in reading.entities if has_people and e.type in _PEOPLE]
    return any(
        not any(
            e.start < at.start() and not said[e.end : at.start()].strip(_SAID_OF) for e in people
        )
        for at in words.either(moment.phrases.all_cues).finditer(said)
    )


def _wish(script: Script, offer: Offer) -> Parse:
    """The wish for one of them, in the words of its row that the script knows by name."""
    text = ""
    entities = []
    for kind, value in _told(script, offer):
        text = f"{text} {value}".strip()
        entities.append(Entity(kind, value, value, len(text) - len(value), len(text)))
    sure = Intent(script.intent, 1.0)
    return Parse(text, sure, (sure,), tuple(entities))


def _told(script: Script, offer: Offer) -> Iterator[tuple[str, str]]:
    row = offer.row or {}
    for name, slot in script.slots.items():
        is_known = slot.type and not slot.is_list and slot.type[0] not in _PROOF
        if is_known and isinstance(row.get(name), str):
            yield slot.type[0], row[name]
