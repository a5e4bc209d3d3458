"""Choices said in fewer characters than they have: 小车 of 小型车, 西边 of 西校区."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.dialog.state.session import Offer

_WORD = re.compile("[\u4e00-\u9fff]{3,}")
#: Sides of anything, and what stands after them.
_SIDE = re.compile("([东西南北左右前后里外上下])[边面侧头]的?")
#: What ends an answer and says nothing.
_PARTICLES = "的吧呢啊呀了。，! "


def abbreviated(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The one offer of which some characters, the first and the last among them, are all said."""
    said = text.strip(_PARTICLES)
    side = _SIDE.fullmatch(said)
    if side:
        there = [offer for offer in offers if offer.label.startswith(side[1])]
        return there if len(there) == 1 else []
    if not re.fullmatch("[\u4e00-\u9fff]{2,3}", said):
        return []
    left = [o for o in offers if any(_shortens(said, w) for w in _WORD.findall(o.label))]
    return left if len(left) == 1 else []


def _shortens(said: str, word: str) -> bool:
    """Whether these are characters of a word in their order, with its first and its last one."""
    rest = iter(word)
    ends = said[0] == word[0] and said[-1] == word[-1]
    return ends and all(character in rest for character in said)
