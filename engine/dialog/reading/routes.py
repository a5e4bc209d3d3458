"""Free text told by the words before it: 「从阳光花园搬到翠湖小区」."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from engine.dialog.reading.vocabulary import FREE_TEXT
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Task
from engine.dialog.wording.lexicon import either, lexicon
from engine.nlu.parse import Entity

#: What is said in one breath.
_BREATH = re.compile(r"[^，,。；;！!？?\n]+")
#: What ends a value without being a part of it.
_AT_END = " 的吧啊呀哈"
#: What asks, and tells nothing.
_ASKS = re.compile("[吗么]$|什么|哪|怎么|多少|多久")


def routed(text: str, script: Script, task: Task) -> Iterator[tuple[str, Entity]]:
    """What follows the words that a script says stand `before` its free text.

    Only where two slots are told so in one breath, or an answer begins with the word of the slot
    that is asked for: elsewhere 从 and 到 stand for anything.
    """
    owners = {
        word: name
        for name, slot in script.slots.items()
        if slot.type == (FREE_TEXT,)
        for word in slot.before
    }
    if not owners:
        return
    pattern = re.compile(either(owners))
    for breath in _BREATH.finditer(text):
        found = list(pattern.finditer(text, *breath.span()))
        several = len({owners[cue[0]] for cue in found}) > 1
        for cue, after in zip_longest(found, found[1:]):
            end = after.start() if after else breath.end()
            value = _place(text[cue.end() : end].strip(_AT_END))
            is_answer = owners[cue[0]] == task.asking and not cue.start()
            if len(value) > 1 and not _ASKS.search(value) and (several or is_answer):
                yield (
                    owners[cue[0]],
                    Entity("named", value, text[cue.start() : end], cue.start(), end),
                )


def _place(words: str) -> str:
    """An address without what is to be done there: 「从阳光花园3栋取钥匙」."""
    for shape in lexicon().shapes:
        found = re.match(shape.pattern, words)
        if found and words[found.end() :].startswith(tuple(lexicon().done_there)):
            return found[0]
    return words
