"""Resident identity numbers, verified as GB 11643-1999 says (ISO 7064 MOD 11-2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from engine.nlu.grammar.digits import GAP, Run
from engine.nlu.grammar.spans import longest_first
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
#: First two digits of a region of birth (GB/T 2260), with 81–83 for Hong Kong, Macao and Taiwan.
_REGIONS = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
        "91",
    ]
)
_X = re.compile(rf"{GAP}(?:X|叉|乂|艾克斯|埃克斯|爱克斯)(?![A-Z0-9])")
_CUE = re.compile(
    r"(?:身份证|证件|身分证|身份号)(?:件)?(?:号码?|号)?(?:是|为|:|就是|呢|的)?[\s,，。:]{0,3}$"
)
_OTHER_CUE = re.compile(r"(?:订单|票|单|流水|编|卡|账)(?:号码?|码)?(?:是|为|:)?[\s,，:]{0,2}$")


def find_id_numbers(utterance: Utterance) -> list[Entity]:
    """18 characters; a wrong one has no value and says why: check_digit, birth_date or length."""
    found = [each for run in utterance.runs for each in _in_run(utterance, run)]
    return longest_first(found)


def problem_of(number: str, *, today: date) -> str:
    """Why an 18-character number is not valid: ``birth_date``, ``check_digit``, or nothing.

    >>> problem_of("11010519491231002X", today=date(2026, 11, 23))
    ''
    """
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "birth_date"
    if not date(1850, 1, 1) <= born <= today:
        return "birth_date"
    return "" if number[17] == check_digit(number) else "check_digit"


def check_digit(number: str) -> str:
    """The 18th character for the first 17."""
    total = sum(int(char) * weight for char, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def _in_run(utterance: Utterance, run: Run) -> Iterator[Entity]:
    if len(run.digits) < 10:
        return
    ends_in_x = _X.match(utterance.folded, run.end)
    digits = run.digits + ("X" if ends_in_x else "")
    cued = bool(_CUE.search(utterance.before(run.start)))
    if len(digits) == 18:
        end = ends_in_x.end() if ends_in_x else run.end
        if entity := _judge(utterance, digits, run.start, end, cued=cued):
            yield entity
        return
    yield from _windows(utterance, run, cued=cued)
    if ends_in_x and len(digits) > 18 and (17 in {b - a for a, b in run.groups[-1:]}):
        begin = len(run.digits) - 17
        entity = _judge(utterance, digits[begin:], run.starts[begin], ends_in_x.end(), cued=cued)
        if entity:
            yield entity
    elif cued and len(digits) <= 24 and not run.windows(18):
        end = ends_in_x.end() if ends_in_x else run.end
        yield utterance.entity("id_number", None, run.start, end, problem="length")


def _windows(utterance: Utterance, run: Run, *, cued: bool) -> Iterator[Entity]:
    for begin, end in run.windows(18):
        entity = _judge(
            utterance, run.digits[begin:end], run.starts[begin], run.ends[end - 1], cued=cued
        )
        if entity and (entity.value or run.shape(begin, end) == (18,)):
            yield entity


def _judge(utterance: Utterance, number: str, start: int, end: int, *, cued: bool) -> Entity | None:
    if not cued and _OTHER_CUE.search(utterance.before(start)):
        return None
    problem = problem_of(number, today=utterance.now.date())
    looks_right = number[:2] in _REGIONS and number[6:8] in ("18", "19", "20")
    if problem and not cued and not looks_right:
        return None
    value = None if problem else number
    return utterance.entity("id_number", value, start, end, problem=problem)
