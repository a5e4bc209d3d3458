"""Numbers of orders, cards and the like, which are letters and digits of any kind: R20231."""

from __future__ import annotations

import re

from engine.dialog.scripts.script import Slot

#: Letters and digits with a digit in them.
_CODE = re.compile(r"(?<![A-Za-z0-9-])(?=[A-Za-z-]*[0-9])[A-Za-z0-9-]{3,24}(?![A-Za-z0-9-])")
#: Characters that may stand beside one in answer to the question for it: 打错了，是R20231.
_BESIDE = 8


def code_in(said: str, slot: Slot) -> str:
    """The code that answers the question of a slot which takes nothing but one."""
    found = _CODE.findall(said) if slot.type == ("order_no",) else []
    rest = re.sub(r"\W", "", _CODE.sub("", said))
    return found[0].upper() if len(found) == 1 and len(rest) <= _BESIDE else ""
