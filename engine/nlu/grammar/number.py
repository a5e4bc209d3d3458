"""Plain numbers, always loose: they fill only a slot that asks for one."""

from __future__ import annotations

import re

from engine.nlu.grammar.money import is_free
from engine.nlu.grammar.numerals import plain
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

_COUNTED = re.compile(
    r"\s?(?:[个位张人份次件条名口瓶天晚杯扇袋包箱盒套辆桌碗盘双台间斤吨]|公斤|千克|小时|钟头|平米|平方)"
    r"(?!下|样|起|些|点|会|接|括)"
)

_INSIDE = re.compile("[第头]$|分之$")


def find_numbers(utterance: Utterance) -> list[Entity]:
    """Numerals that stand for themselves or count something, as decimal strings."""
    return [
        utterance.entity("number", plain(numeral.value), numeral.start, numeral.end, strict=False)
        for numeral in utterance.numerals
        if numeral.value is not None
        and not _INSIDE.search(utterance.before(numeral.start, 2))
        and (is_free(utterance, numeral) or _COUNTED.match(utterance.folded, numeral.end))
    ]
