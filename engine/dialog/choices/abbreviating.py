"""Choices said in other characters than they have: 小车 is 小型车, 西边 西校区, 不要糖 无糖."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.dialog.choices.cells import words_in
from engine.dialog.state.session import Offer
from engine.dialog.wording.lexicon import either

_WORD = re.compile("[\u4e00-\u9fff]{3,}")
#: Sides of anything, and what stands after them.
_SIDE = re.compile("([东西南北左右前后里外上下])[边面侧头]的?")
#: What is not to be in it, and labels that say the same: 不要糖 is 无糖.
_LACKS = re.compile(
    "[要就那]?(?:[不别没](?:要|加|放|用|含|带|有|收)?|[免无])(?P<what>[\u4e00-\u9fff]{1,3}?)(?:的那?[家个种款档])?"
)
#: How labels show that it costs nothing.
_NOTHING = ("0元", "0 元", "免费", "免")
_LACKING = ("无", "不", "去", "免", "零", "不加", "不要", "不含", "不放", "不带")
_WORDS = re.compile("[\u4e00-\u9fff]{2,}")
#: What may stand between words of one choice, and before them.
_BETWEEN = (*"，,、又也和的要选就带", "还要", "并且", "而且", "那个")
#: What ends an answer and says nothing.
_PARTICLES = "的吧呢啊呀了。，! "


def abbreviated(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The one offer of which some characters, the first and the last among them, are all said.

    Or that says in its own words which side it is on, or what is not in it.
    """
    said = text.strip(_PARTICLES)
    side = _SIDE.fullmatch(said)
    if side:
        there = [offer for offer in offers if offer.label.startswith(side[1])]
        return there if len(there) == 1 else []
    lacks = _LACKS.fullmatch(said)
    if lacks:
        labels = {f"{lacking}{lacks['what']}" for lacking in _LACKING}
        left = [offer for offer in offers if offer.label in labels]
        free = tuple(f"{lacks['what']}{nothing}" for nothing in _NOTHING)
        return left or [o for o in offers if any(each in o.label for each in free)]
    if not re.fullmatch("[\u4e00-\u9fff]{2,3}", said):
        return []
    left = [o for o in offers if any(_shortens(said, w) for w in _WORD.findall(o.label))]
    return left if len(left) == 1 else []


def in_any_order(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The one offer of which several words are all that is said: 「有插座靠墙的」."""
    words = {word for offer in offers for word in (*words_in(offer), *offer.label.split())}
    said = set(re.findall(either(filter(_WORDS.fullmatch, words)), text)) if words else set()
    left = re.sub(either((*said, *_BETWEEN)), "", text) if said else text
    if len(said) < 2 or left.strip(_PARTICLES):
        return []
    meant = [offer for offer in offers if all(word in offer.label for word in said)]
    return meant if len(meant) == 1 else []


def _shortens(said: str, word: str) -> bool:
    """Whether these are characters of a word in their order, with its first and its last one."""
    rest = iter(word)
    ends = said[0] == word[0] and said[-1] == word[-1]
    return ends and all(character in rest for character in said)
