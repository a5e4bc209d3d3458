"""Flight numbers: CA1234, 国航幺二三四, C A 1234, 西诶幺二三四, 东方航空的5301次."""

from __future__ import annotations

import re

from engine.nlu.grammar.airlines import airline_codes, airline_names
from engine.nlu.grammar.digits import SPOKEN, Run
from engine.nlu.grammar.letters import LETTERS, letter_pattern
from engine.nlu.grammar.spans import longest_first
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

_LETTER = letter_pattern("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGIT = "[356789三五六七八九]"
_CODE = re.compile(
    rf"(?:^|(?<=[^A-Z0-9]))(?:({_LETTER})[\s.\-]{{0,2}}({_LETTER}|"
    rf"{_DIGIT})|({_DIGIT})[\s.\-]{{0,2}}({_LETTER}))"
    r"[\s.\-:航班号是的呃嗯]{0,6}$"
)
_LINK = re.compile(
    r"(?:公司|航空|航班号?|班次|号码?|次|是|的|呃|嗯|额|那个|那班|那趟|飞机|班机|[\s,，:.\-])$"
)
_SUFFIX = re.compile(r"[A-Z](?![A-Z0-9])")
_SHORT_END = re.compile(
    r"\s?(?:$|[,，。.!！?？]|次(?!数)|航班|号?航班|的?航班|这|那|准点|几点|延误|晚点)"
)
_WANT = re.compile(r"要(?:是|多[久长少]|不[要是]|几[点个]|等|延|晚|飞|起飞)")
_WINDOW = 16


def find_flights(utterance: Utterance) -> list[Entity]:
    """IATA code and number; with more digits than a number has, no value and problem ``length``."""
    found = [flight for run in utterance.runs if (flight := _flight(utterance, run))]
    return longest_first(found + _counted(utterance))


def _flight(utterance: Utterance, run: Run) -> Entity | None:
    count = _without_want(utterance, run, _digits_of_number(run))
    if not 2 <= count <= 6:
        return None
    count = _without_words(utterance, run, count)
    first = 0
    code = _airline(utterance, run.start)
    if code is None and (code := _letter_and_digit(utterance, run)):
        first = 1
    if code is None:
        return None
    airline, start = code
    end = run.ends[count - 1]
    count -= first
    if utterance.folded[end : end + 1] in ("百", "千", "十", "万"):
        return None
    if count == 2 and not _SHORT_END.match(utterance.folded, end):
        return None
    if count > 4:
        return utterance.entity("flight_no", None, start, end, problem="length")
    suffix = _SUFFIX.match(utterance.folded, end)
    letter, end = (suffix[0], suffix.end()) if suffix else ("", end)
    return utterance.entity(
        "flight_no", airline + run.digits[first : first + count] + letter, start, end
    )


def _digits_of_number(run: Run) -> int:
    """How many leading digits belong to the flight: the first group, or short groups up to four."""
    ends = [end for _, end in run.groups]
    if ends[0] >= 3:
        return ends[0]
    if ends[0] == 1 and len(ends) > 1 and 4 <= ends[1] <= 5:
        return ends[1]
    return next((end for end in reversed(ends) if 3 <= end <= 4), ends[0])


def _without_want(utterance: Utterance, run: Run, count: int) -> int:
    """The digits before a 要 that is a word: the fifth, or one that goes on as 要是, 要多久."""
    for index in range(3, count):
        at = run.starts[index]
        if utterance.folded[at] == "要" and (index == 4 or _WANT.match(utterance.folded, at)):
            return index
    return count


def _without_words(utterance: Utterance, run: Run, count: int) -> int:
    """The digits before a written number, which counts something: HU7801三个人, HU7801一家人."""
    at = run.starts[count - 1]
    is_written = count > 4 and not utterance.folded[at].isascii()
    return count - 1 if is_written and utterance.folded[at - 1].isascii() else count


def _airline(utterance: Utterance, start: int) -> tuple[str, int] | None:
    """The airline named right before ``start``: its code and where the name begins."""
    window = utterance.before(start, _WINDOW)
    offset = start - len(window)
    if match := _CODE.search(window):
        code = "".join(_letter(part) for part in match.groups() if part)
        if code in airline_codes():
            return code, offset + match.start()
    return _named(window, offset)


def _letter_and_digit(utterance: Utterance, run: Run) -> tuple[str, int] | None:
    """G52345: a code whose digit stands with the digits of the number."""
    before = utterance.before(run.start, 2)
    code = before[-1:] + run.digits[0]
    whole = not (len(before) > 1 and before[0].isascii() and before[0].isalnum())
    return (code, run.start - 1) if whole and code in airline_codes() else None


def _named(window: str, offset: int) -> tuple[str, int] | None:
    names = airline_names()
    while window:
        for length in range(min(len(window), 12), 1, -1):
            name = window[-length:]
            glued = name[0].isascii() and window[:-length][-1:].isascii() and window[:-length]
            if name in names and not glued:
                return names[name], offset + len(window) - length
        link = _LINK.search(window)
        if link is None:
            return None
        window = window[: link.start()]
    return None


def _letter(part: str) -> str:
    return LETTERS.get(part) or SPOKEN[part]


def _counted(utterance: Utterance) -> list[Entity]:
    """国航一千二百三十四: the number said as a quantity."""
    found = []
    for numeral in utterance.numerals:
        if ("百" not in numeral.text and "千" not in numeral.text) or numeral.value is None:
            continue
        exact = 100 <= numeral.value < 10_000 and numeral.value == int(numeral.value)
        if exact and (code := _airline(utterance, numeral.start)):
            number = f"{code[0]}{int(numeral.value)}"
            found.append(utterance.entity("flight_no", number, code[1], numeral.end))
    return found
