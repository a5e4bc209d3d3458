"""All of the choices where a task takes one: 「两个航班都要值机」. The others wait."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from engine.business.provider import Row
from engine.dialog.moment.moment import Moment
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Offer
from engine.message import Reply
from engine.nlu.parse import Entity, Intent, Parse

#: More than this are too many to go through one by one.
_MOST = 4
#: What proves who somebody is says nothing of which one is meant.
_PROOF = ("id_number", "order_no")
#: What wishes for one more.
_ALSO = "也"
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
    moment.session.later = [*wishes, *moment.session.later]
    moment.preface = moment.say(moment.phrases.later, title=script.title).text
    form = moment.form
    form.choose(offers[0])
    return await moment.follow(await form.advance())


def exchange(moment: Moment, taken: Offer, left: Row) -> None:
    """Let the row that was chosen wait in the place of the one that is taken instead.

    「先办晚上的」 of two flights that are both to be checked in; 「早上的也办」 of one.
    """
    script, later = moment.script, moment.session.later
    mine = _values(_wish(script, taken))
    others = [wish for wish in later if wish.intent.name != script.intent or _values(wish) != mine]
    if len(others) < len(later) or _ALSO in moment.text:
        moment.session.later = [_wish(script, msgspec.structs.replace(taken, row=left)), *others]


def _values(wish: Parse) -> set[tuple[str, str | None]]:
    return {(entity.type, entity.value) for entity in wish.entities}


def _are_all_meant(moment: Moment, offers: list[Offer]) -> bool:
    is_one = all(offer.row and offer.slot == moment.session.offers[0].slot for offer in offers)
    if not 1 < len(offers) <= _MOST or not is_one or moment.takes_several():
        return False
    has_all = any(offer.value == _ALL or (offer.row or {}).get(_ALL) for offer in offers)
    return not has_all and moment.has_cue(moment.phrases.all_cues)


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
