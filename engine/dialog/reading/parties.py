"""How many grown-ups and children there are, said in one breath: 「两大一小」."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from engine.dialog.scripts.script import Script
from engine.dialog.wording.lexicon import also_called, either, lexicon
from engine.nlu.grammar.fold import fold
from engine.nlu.grammar.numerals import plain, read
from engine.nlu.parse import Entity


def counted(text: str, script: Script) -> Iterator[tuple[str, Entity]]:
    """The number of each kind of people, for the slot that is called by it."""
    for said in _party().finditer(fold(text)):
        for part in _PART.finditer(said[0]):
            kind = lexicon().parties[part["kind"]]
            number = read(part["number"])
            slots = [n for n, s in script.slots.items() if kind in also_called(s.called)]
            if number is not None and len(slots) == 1:
                start, end = (said.start() + at for at in part.span())
                yield slots[0], Entity("named", plain(number), text[start:end], start, end)


_PART = re.compile(r"(?P<number>\d{1,2}|[一二两俩仨三四五六七八九十])(?P<kind>[^\W\d_])")


@functools.cache
def _party() -> re.Pattern[str]:
    kinds = either(lexicon().parties)
    one = rf"(?:\d{{1,2}}|[一二两俩仨三四五六七八九十])(?:{kinds})"
    return re.compile(
        rf"(?<![\d一二两三四五六七八九十]){one}[，,、]?{one}(?![\u4e00-\u9fff]*[月班桌])"
    )
