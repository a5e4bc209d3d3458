"""What every grammar reads: the words of one customer at one moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.nlu.grammar.digits import Run, find_runs
from engine.nlu.grammar.fold import fold
from engine.nlu.grammar.numerals import Numeral, find_numerals
from engine.nlu.parse import Entity

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: 万一 after a code is the word for "in case": nobody counts 1234万 and one.
_IN_CASE = re.compile(r"(?<=[0-9零一二三四五六七八九幺两]{3})万一")
#: 幺 as many type it: before two digits, and not in 什么, 怎么, 那么.
_ONE = re.compile(r"(?<![什怎这那多要])么(?=[0-9零一二三四五六七八九幺两洞]{2})")


@dataclass(frozen=True, slots=True)
class Utterance:
    """``text`` as written and ``folded`` to one way of writing, position by position.

    ``now`` is in Shanghai's zone. ``numerals`` and ``runs`` are found once for all grammars, and so
    are the ``marks``, the characters that occur: most patterns need one of a few.
    """

    text: str
    folded: str
    now: datetime
    numerals: list[Numeral]
    runs: list[Run]
    marks: frozenset[str]

    @classmethod
    def of(cls, text: str, *, now: datetime) -> Utterance:
        """Read a text; ``now`` must be aware of its zone."""
        folded = _ONE.sub("幺", _IN_CASE.sub("倘若", fold(text)))
        local = now.astimezone(SHANGHAI)
        return cls(text, folded, local, find_numerals(folded), find_runs(folded), frozenset(folded))

    def has(self, characters: str) -> bool:
        """Whether any of the characters occurs."""
        return not self.marks.isdisjoint(characters)

    def entity(
        self,
        type: str,
        value: str | None,
        start: int,
        end: int,
        *,
        strict: bool = True,
        problem: str = "",
    ) -> Entity:
        """An entity at ``[start:end]`` with the words as written."""
        return Entity(type, value, self.text[start:end], start, end, strict, problem)

    def before(self, start: int, length: int = 12) -> str:
        """At most ``length`` folded characters that end at ``start``."""
        return self.folded[max(0, start - length) : start]
