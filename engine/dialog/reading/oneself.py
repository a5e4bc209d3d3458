"""Whether the customer does it, or somebody else, where that is asked: 「是本人来吗？」."""

from __future__ import annotations

import functools
import re

from engine.dialog.reading.asked import asked_by
from engine.dialog.scripts.script import Slot
from engine.dialog.wording.lexicon import either, lexicon

_ASKED = re.compile("(?:是|由)(?:您)?(?:本人|自己|亲自)")
_I_MYSELF = re.compile(r"(?:对|是的?)?[，, ]*(?:我|本人|自己|亲自)+[^\W\d_不没]{0,3}?[的吧啊呢了]*")
#: Somebody does it: 「我替他领」 is said by who is not asked for.
_SOMEONE = re.compile("不是|别人|找人|托人|代|我?[替帮][他她人]")


def is_asked(slot: Slot) -> bool:
    """Whether the question of a slot is whether it is the customer."""
    return any(_ASKED.search(each) for each in asked_by(slot))


def is_said(said: str) -> bool | None:
    """Whether an answer says that it is the customer: 「我自己来」, 「我老婆去」."""
    if any(word in said for word in lexicon().others.words) or _SOMEONE.match(said):
        return False
    return True if _I_MYSELF.fullmatch(said) else None


@functools.cache
def _sent() -> re.Pattern[str]:
    others = either((*lexicon().others.words, "别人"))
    return re.compile(
        rf"(?:让|叫|由|换成?|请|麻烦)我?(?:{others})[^，。吗么]{{0,3}}[去来帮替代拿取领办]"
    )


def is_another_sent(clause: str) -> bool:
    """Whether a clause says, whatever is asked, that somebody else does it: 「让我老公去领」."""
    return _sent().search(clause) is not None
