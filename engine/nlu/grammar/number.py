"""Plain numbers, always loose: they fill only a slot that asks for one."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.nlu.grammar.digits import SPOKEN
from engine.nlu.grammar.money import is_free
from engine.nlu.grammar.numerals import Numeral, is_one_or_next, plain
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

_COUNTED = re.compile(
    r"\s?(?:[个位张人份次件条名口瓶天晚杯扇袋包箱盒套辆桌碗盘双台间斤吨]|公斤|千克|小时|钟头|平米|平方)"
    r"(?!下|样|起|些|点|会|接|括)"
)

#: Digits of the shortest code.
_CODE = 4
_INSIDE = re.compile("[第头]$|分之$")


def find_numbers(utterance: Utterance) -> list[Entity]:
    """Numerals that stand for themselves or count something, as decimal strings."""
    return [
        _found(utterance, numeral)
        for numeral in utterance.numerals
        if numeral.value is not None
        and not _INSIDE.search(utterance.before(numeral.start, 2))
        and (is_free(utterance, numeral) or _COUNTED.match(utterance.folded, numeral.end))
    ]


def _found(utterance: Utterance, numeral: Numeral) -> Entity:
    start, end = numeral.start, numeral.end
    if is_one_or_next(numeral.text):
        return utterance.entity("number", None, start, end, strict=False, problem="approximate")
    return utterance.entity("number", _written(numeral), start, end, strict=False)


def _written(numeral: Numeral) -> str:
    """A number as a decimal; the digits of a code keep the zeros that they begin with."""
    digits = "".join(SPOKEN.get(char, "") for char in numeral.text)
    is_code = len(numeral.text) >= _CODE and len(digits) == len(numeral.text)
    return digits if is_code and digits.startswith("0") else plain(numeral.value or Decimal())
