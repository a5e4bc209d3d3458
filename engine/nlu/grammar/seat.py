"""Seats of a cabin: 12A, 12排A座, 十二A, 十二诶, 第五排C."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.nlu.grammar.letters import LETTERS, letter_pattern
from engine.nlu.grammar.numerals import SMALL, small
from engine.nlu.grammar.spans import longest_first
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

_LETTER = letter_pattern("ABCDEFGHJKL")
_WRITTEN = "[A-HJ-L]"
_ROW = rf"(?<![0-9A-Z零一二三四五六七八九十百千万两点.:])(?P<row>{SMALL})"
_AFTER = r"\s?(?:座位|座|位子|位置|号|坐)?"
_IN_ROW = re.compile(
    rf"(?:第\s?)?{_ROW}\s?(?:号)?[排行牌](?:的)?[\s,，\-]?(?P<letter>{_LETTER})(?![A-Z0-9]){_AFTER}"
)
_ALSO = re.compile(
    rf"\s?(?:和|跟|与|及|、|,|，|\s)\s?(?P<letter>{_WRITTEN})(?![A-Z0-9])(?:座位?|号)?"
)
#: 23ABC; and 23A到23C, where no more can lie between than there are characters for.
_LETTERS = re.compile(rf"{_ROW}\s?[排]?(?P<letters>[A-HJ-L]{{2,4}})(?![A-Z0-9])")
_FROM_TO = re.compile(
    rf"{_ROW}(?P<first>{_WRITTEN})(?P<to>到|至|\s?-\s?|\s?~\s?)(?:(?P=row))?(?P<last>{_WRITTEN})(?![A-Z0-9])"
)
#: 16A16B16C.
_EACH = re.compile(rf"(?P<row>[1-9][0-9]?)(?P<letter>{_WRITTEN})")
_ROWS = re.compile(rf"(?<![0-9A-Z])(?:[1-9][0-9]?{_WRITTEN}){{2,6}}(?![0-9A-Z])")
_COLUMNS = "ABCDEFGHJKL"
_BEHIND = re.compile(rf"(?<![A-Z0-9])(?P<letter>{_WRITTEN})座?[,，\s]?(?:第)?(?P<row>{SMALL})排")
_PLAIN = re.compile(
    rf"{_ROW}[\s\-]?(?P<letter>{_WRITTEN})(?![A-Z0-9])(?![34]级|级|"
    rf"景|流量|网|打印|电影)(?P<seat>座|位)?"
)
_HEARD = re.compile(
    rf"(?:[那就要选坐换\s,，]|换成|换到|座位号?|我要|我选|给我)*{_ROW}(?P<letter>{_LETTER})"
    rf"(?:座位?|的座位|号座|吧|呗|好了)?[。.!！\s]*"
)
#: A十二, A12: the letter first, which without 排 is heard only where it is all that is said.
_TURNED = re.compile(
    rf"(?:[那就要选坐换\s,，]|换成|换到|座位号?|我要|我选|给我)*(?P<letter>{_WRITTEN})座?[\s\-]?(?P<row>{SMALL})"
    rf"(?:座位?|号|排|吧|呗|的)?[。.!！\s]*"
)
#: What stands between and after seats that are all that was said.
_LISTED = re.compile(r"[\s。.,，、和跟与及吧的]")
#: 5G, 20G流量: a letter that measures data, not a seat, unless 座 stands beside it.
_SEAT_CUE = re.compile(r"(?:座|排|选|坐|位|值机|要|换)[^,，]{0,4}$")
#: 「改为15K」 may be a seat as well as a sum.
_CHANGED = re.compile("改[成为到]$")
#: Rows up to this one are as well gigabytes, or thousands.
_FEW = 5
#: What begins a clause, and ends one.
_STOP = re.compile(r"(?:^|[\s。.,，!！的])$")
_ENDS = re.compile(r"[吧呗啊呀]?(?:[\s。.,，!！]|$)")


def find_seats(utterance: Utterance) -> list[Entity]:
    """Row and letter, ``12A``; a letter heard as a word without 排 is loose."""
    return longest_first(_all(utterance))


def _all(utterance: Utterance) -> Iterator[Entity]:
    folded = utterance.folded
    if not utterance.numerals:
        return
    for pattern in (_IN_ROW, _BEHIND):
        for match in pattern.finditer(folded):
            yield from _seat(utterance, match, strict=True)
            yield from _beside(utterance, match)
    yield from _run(utterance)
    plain = list(_PLAIN.finditer(folded))
    written = [m for m in plain if m["letter"] not in "GK" or _means_seat(utterance, m, plain)]
    for match in plain:
        if match in written:
            yield from _seat(utterance, match, strict=True)
            yield from _beside(utterance, match)
        elif small(match["row"]) > _FEW and _may_be_seat(utterance, match):
            # 「先办晚上的 14K」, 「小宝改为15K」: where a seat is asked for, it is one.
            yield from _seat(utterance, match, strict=False)
    for run in _ROWS.finditer(folded):
        for each in _EACH.finditer(folded, *run.span()):
            yield from _seat(utterance, each, strict=True)
    is_short = not written and len(folded) <= 16
    if is_short and (heard := _HEARD.fullmatch(folded) or _TURNED.fullmatch(folded)):
        yield from _seat(utterance, heard, strict=False)


def _beside(utterance: Utterance, first: re.Match[str]) -> Iterator[Entity]:
    """The other letters of the row: 十二排A座和B座."""
    row, at = small(first["row"]), first.end()
    while 0 < row < 100 and (also := _ALSO.match(utterance.folded, at)):
        yield utterance.entity("seat", f"{row}{also['letter']}", also.start("letter"), also.end())
        at = also.end()


def _run(utterance: Utterance) -> Iterator[Entity]:
    """Seats side by side: 23ABC, and what lies from 23A to 23C."""
    for match in _LETTERS.finditer(utterance.folded):
        row = small(match["row"])
        is_run = match["letters"] in _COLUMNS and 0 < row < 100
        for at, letter in enumerate(match["letters"]) if is_run else ():
            start = match.start("letters") + at
            yield utterance.entity("seat", f"{row}{letter}", start, start + 1)
    for match in _FROM_TO.finditer(utterance.folded):
        between = _COLUMNS[_COLUMNS.index(match["first"]) + 1 : _COLUMNS.index(match["last"])]
        for at, letter in enumerate(between[: len(match["to"])]):
            start = match.start("to") + at
            yield utterance.entity("seat", f"{small(match['row'])}{letter}", start, start + 1)


def _may_be_seat(utterance: Utterance, match: re.Match[str]) -> bool:
    """Whether 14K stands for itself, or for what is changed to it."""
    is_change = _CHANGED.search(utterance.before(match.start(), 2)) is not None
    return is_change or _is_clause(utterance, match)


def _is_clause(utterance: Utterance, match: re.Match[str]) -> bool:
    """Whether 14K stands for itself: after a stop, and before one."""
    folded = utterance.folded
    return bool(_STOP.search(folded[: match.start()]) and _ENDS.match(folded, match.end()))


def _means_seat(utterance: Utterance, match: re.Match[str], plain: list[re.Match[str]]) -> bool:
    """Whether 14G is a seat: by a word before it, alone, or in a list of seats: 14C、14G."""
    said = sum(len(each[0]) for each in plain)
    alone = said >= len(_LISTED.sub("", utterance.folded))
    listed = alone or any(each["letter"] not in "GK" for each in plain)
    big = small(match["row"]) > _FEW
    cued = bool(match["seat"] or _SEAT_CUE.search(utterance.before(match.start(), 6)))
    return cued or (listed and big)


def _seat(utterance: Utterance, match: re.Match[str], *, strict: bool) -> Iterator[Entity]:
    row = small(match["row"])
    if 0 < row < 100:
        letter = LETTERS[match["letter"]]
        start = match.start()
        if not strict:
            start = min(match.start("row"), match.start("letter"))
        yield utterance.entity("seat", f"{row}{letter}", start, match.end(), strict=strict)
