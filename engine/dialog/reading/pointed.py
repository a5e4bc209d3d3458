"""Days that say which of several rows is meant, and fill no slot: 「11月12号那次，3月8号买的」."""

from __future__ import annotations

import re

from engine.dialog.scripts.script import Script
from engine.nlu.parse import Entity

#: After a day by which a row is meant.
_POINTED = re.compile("的?那[次趟单笔场班]")


def without_pointing(found: list[Entity], text: str, script: Script) -> list[Entity]:
    """The values without days that point at a row, where another day is told as well."""
    days = [each for each in found if each.type == "date"]
    has_rows = any(slot.options for slot in script.slots.values())
    pointing = [each for each in days if has_rows and _POINTED.match(text, each.end)]
    is_told = len(days) > len(pointing)
    return [each for each in found if not (is_told and each in pointing)]
