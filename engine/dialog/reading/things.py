"""Which number counts things in general words: 「两个箱子」 where the question is 「几件？」."""

from __future__ import annotations

import functools
import re

from engine.dialog.reading.units import units_of
from engine.dialog.scripts.script import Script
from engine.dialog.wording.lexicon import also_called, either, lexicon
from engine.nlu.parse import Entity

#: What any thing is counted in, with the thing: 「有一个」 may be a yes.
_THING = re.compile("个(?![的吧呢啊了呀])[\u4e00-\u9fff0-9]")
#: The same alone, and the questions that count in it.
_ANY, _ASKS = "个", re.compile("(?:几|多少)个")


def counted_in_any(text: str, entity: Entity, script: Script) -> str:
    """The only slot of a script that counts things, for a number before 个; else nothing.

    No other number slot may count in 个, nor a name of one stand after it.
    """
    after = text[entity.end :].lstrip()
    if entity.type != "number" or not _THING.match(after) or _measures().match(after):
        return ""
    numbers = {name: slot for name, slot in script.slots.items() if "number" in slot.type}
    named = [word for slot in script.slots.values() for word in also_called(slot.called)]
    if any(_ASKS.search(asked) for slot in numbers.values() for asked in slot.ask):
        return ""
    counting = [name for name, slot in numbers.items() if set(units_of(slot)) & _counters()]
    is_named = bool(named) and re.match(f"{_ANY}(?:{either(named)})", after)
    return counting[0] if len(counting) == 1 and not is_named else ""


@functools.cache
def _counters() -> frozenset[str]:
    return frozenset(lexicon().things)


@functools.cache
def _measures() -> re.Pattern[str]:
    """What 个 stands before that is no thing: 两个月, 三个人."""
    people = {word for line in lexicon().counted_alike for word in line if "人" in line}
    return re.compile(f"{_ANY}半?(?:{either({*lexicon().measured, *people, '人'})}|半)")
