"""Numbers in another unit than the one that is asked for: 「半年」 of 「办几个月？」 is six."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from engine.dialog.reading.units import units_of
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Task
from engine.dialog.wording.lexicon import either, lexicon
from engine.nlu.grammar.fold import fold
from engine.nlu.grammar.numerals import plain, read
from engine.nlu.parse import Entity

_HALF = "半"
#: A number with its unit and a half of it; 三个月后 is a day, 12月 a month and 一年级 none of it.
_MEASURED = (
    r"(?<![第\d零一二两三四五六七八九十百.半点])(?P<number>\d{{1,3}}(?:\.\d)?|[一二两三四五六七八九十百]{{1,4}}|半)"
    r"[来多几余]?\s?(?P<of>个)?(?P<half>半)?(?P<unit>{units})(?P<after>半)?"
    r"(?P<tenths>(?<={tenths})零?[0-9一二三四五六七八九]{{1,2}}(?![一二三四五六七八九十百点0-9]))?"
    r"(?![级后前内一二三四五六日末]|以[后前内]|之[后前内])"
)
_NUMERAL = re.compile(r"[\d一二两三四五六七八九十百半]")
#: A unit whose name with a number before it is a name of its own: 12月.
_NEEDS_OF = "月"


def measured(text: str, script: Script, task: Task) -> Iterator[tuple[str, Entity]]:
    """The number that is meant, with its slot: the one that is asked for, else the first."""
    folded = fold(text)
    if not _NUMERAL.search(folded):
        return
    counted = {unit for slot in script.slots.values() for unit in units_of(slot)}
    names = sorted(script.slots, key=lambda name: name != task.asking)
    for name in names:
        rates = _rates(units_of(script.slots[name]))
        form = _MEASURED.format(units=either(rates), tenths=either(lexicon().tenths))
        for said in re.finditer(form, folded) if rates else ():
            if value := _value(said, rates[said["unit"]], counted):
                yield name, Entity("named", value, text[said.start() : said.end()], *said.span())
                return


def _value(said: re.Match[str], rate: float, counted: Collection[str]) -> str:
    """The number in the own unit; nothing for one that is in it already, or in that of another."""
    is_half = said["number"] == _HALF
    tenths = _tenths(said["tenths"] or "")
    halves = is_half + bool(said["half"]) + bool(said["after"])
    is_told = not halves and not tenths and (rate == 1 or said["unit"] in counted)
    if is_told or (said["unit"] == _NEEDS_OF and not said["of"]):
        return ""
    whole = Decimal() if is_half else read(said["number"]) or Decimal()
    return plain((whole + tenths + Decimal("0.5") * halves) * Decimal(str(rate)))


def _tenths(said: str) -> Decimal:
    """What stands after a unit, as a part of it: 0.35 of 1米35, 0.05 of 一米零五."""
    digits = "".join(str(int(read(char) or 0)) for char in said)
    return Decimal(f"0.{digits}") if digits else Decimal()


@functools.lru_cache(maxsize=256)
def _rates(own: tuple[str, ...]) -> Mapping[str, float]:
    """By unit how many of the own one of them is; nothing where the own ones measure nothing."""
    table = lexicon().measured
    rates = {
        unit: rate for unit, others in table.items() for to, rate in others.items() if to in own
    }
    known = {*table, *(to for others in table.values() for to in others)}
    return {**rates, **{unit: 1 for unit in own if unit in known}}
