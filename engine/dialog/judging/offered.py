"""What words say of the choices on the table, beside which one is meant."""

from __future__ import annotations

import re

from engine.dialog.choices import together
from engine.dialog.choices.bounds import within
from engine.dialog.judging import someone
from engine.dialog.moment.moment import Moment
from engine.dialog.reading.listing import AND, NOT
from engine.dialog.state.session import Offer
from engine.dialog.wording import words

#: All of them, by any verb: 都续, 全要了吧.
_ALL = re.compile(
    r"[我就要那把]*(?:几.|两.|三.|书|它们|这些)?(?:都|全)部?(?:给我)?[^\W\d_不没有谁什哪几吗]{0,2}[吧了的上]*"
)
#: So many choices are told apart from all of them: 「第一个和第三个都办」.
_A_FEW = 2
#: Characters of a message that does nothing else than to bound the choices.
_BOUND = 16


def says_more(moment: Moment, offer: Offer) -> bool:
    """Whether words hold more for a slot than a choice that stands in them: 后排靠窗 of 靠窗.

    最后面那个 of kinds of seats is a place in the cabin, and not the last of them.
    """
    if not offer.slot or offer.row is not None or moment.text == offer.label:
        return False
    said = moment.read().values.get(offer.slot, offer.value)
    slot = moment.script.slots[offer.slot]
    if slot.each and isinstance(said, list):
        # 「我要靠窗」 of a party
        return True
    is_counted = offer.label not in moment.text or offer.value == slot.skip
    return (
        isinstance(said, str)
        and said != offer.value
        and (is_counted or offer.value in said.split(AND))
    )


def says_others(moment: Moment) -> bool:
    """Whether others are meant beside the one who is named, or in place of it: 「我跟小雨」.

    「给我妈充50」 is no 50 for the own number, and 「把小雨去掉」 names her to leave her out.
    """
    if someone.for_another(moment) is not None:
        return True
    if moment.task is None or not moment.takes_several():
        return False
    said = moment.read().values.get(moment.session.offers[0].slot)
    return isinstance(said, list) and (len(said) > 1 or any(who.startswith(NOT) for who in said))


def several(moment: Moment) -> list[Offer]:
    """All of the choices, or those that are named; none where somebody is left out."""
    phrases, offers = moment.phrases, moment.session.offers
    if moment.has_cue(phrases.drop_cues):
        return []
    is_all = moment.has_cue(phrases.all_cues) or _ALL.fullmatch(moment.text) is not None
    named = together.several(offers, moment.text, moment.parse.entities)
    if is_all and len(named) < _A_FEW and _says_who(moment):
        return []
    is_all = is_all or moment.text == phrases.everything
    return offers if is_all and len(named) < _A_FEW else named


def _says_who(moment: Moment) -> bool:
    """Whether words beside that for all tell who they are: 「我和小宝都办」."""
    reading, slot = moment.read(), moment.session.offers[0].slot
    rest = words.either(moment.phrases.all_cues).sub("", moment.text)
    return slot in reading.values and any(
        entity.text in rest for entity in reading.entities if entity.type != "cue"
    )


def bounded(moment: Moment) -> list[Offer] | None:
    """The rows within the bound that was said: 「八点以后的」; None where none was said of them."""
    offers = moment.session.offers
    if not offers[0].slot or any(offer.row is None for offer in offers):
        return None
    if moment.names_another_task() or len(moment.text) > _BOUND:
        return None
    return within(offers, moment.text, moment.parse.entities)
