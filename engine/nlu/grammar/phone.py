"""Mobile and landline numbers of the mainland, written or spoken digit by digit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.nlu.grammar.digits import Run
from engine.nlu.grammar.spans import Spans, longest_first
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

#: Mobile prefixes in use by the four operators and the virtual ones (MIIT numbering plan).
_MOBILE = re.compile(r"(?:13[0-9]|14[5-9]|15[0-35-9]|16[2567]|17[0-8]|18[0-9]|19[0-35-9])[0-9]{8}")
_LANDLINE = re.compile(
    r"0(?:10|2[0-57-9])[2-8][0-9]{7}|0(?:3[1-9]|4[1-8]|5[1-9]|6[36]|"
    r"7[1-79]|8[1-9]|9[0-9])[0-9][2-8][0-9]{6,7}"
)
_COUNTRY = re.compile(r"(?:0086|86)(?=1[3-9][0-9]{9}$)|0(?=1[3-9][0-9]{9}$)")
#: How people group a mobile number; only these count inside a longer run of digits.
_SHAPES = {(11,), (3, 4, 4), (3, 8), (4, 4, 3), (3, 3, 5), (7, 4), (3, 2, 6), (3, 4, 2, 2), (5, 6)}
_SHAPES |= {(3, 7), (4, 7), (4, 8), (4, 4, 4), (4, 3, 4), (12,)}
_CUE = re.compile(
    r"(?:手机号?码?|电话号?码?|号码|联系方式|手机号?)(?:是|为|:|就是|呢)?[\s,，:]{0,3}$"
)

#: Fewer may be an amount.
_FEWEST_DIGITS = 5
#: Digits of the first group of a mobile number, and fewer than can be one.
_PREFIX, _FEWEST_OF_MOBILE, _MOST_OF_MOBILE = 3, 7, 14
_BEGINS_MOBILE = re.compile("1[3-9]")
_MONEY = re.compile("[充冲储]|[缴交]费|话费")
_TOPPED_UP = (re.compile(r"[给帮为往]\s?$"), re.compile(r"\s?(?:这个号码?|号码?)?[充冲交缴续存]"))


def find_phones(utterance: Utterance, taken: Iterable[Entity]) -> list[Entity]:
    """11 digits of a mobile, or a landline with its area code.

    After a cue word digits of a wrong length have no value and the problem ``length``, and so have
    those that something is to be put on, as in 「给12345充一百」.
    """
    blocked = Spans(taken)
    found: list[Entity] = []
    for run in utterance.runs:
        if len(run.digits) >= _FEWEST_DIGITS:
            found += _in_run(utterance, run, blocked)
    return longest_first(found)


def is_phone(digits: str) -> bool:
    """Whether the digits are a whole mobile or landline number."""
    return bool(_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits))


def _in_run(utterance: Utterance, run: Run, blocked: Spans) -> list[Entity]:
    found = [
        utterance.entity("phone", digits, start, end)
        for digits, start, end in _candidates(utterance, run)
        if not blocked.at(start, end)
    ]
    free = not blocked.at(run.start, run.end)
    before, after = utterance.before(run.start), utterance.folded[run.end :]
    topped_up = _TOPPED_UP[0].search(before) and _TOPPED_UP[1].match(after)
    cued = topped_up or (len(run.digits) >= 10 and _CUE.search(before))
    if not found and free and cued and len(run.digits) <= 14:
        return [utterance.entity("phone", None, run.start, run.end, problem="length")]
    return found or list(_broken(utterance, run, blocked))


def _broken(utterance: Utterance, run: Run, blocked: Spans) -> Iterator[Entity]:
    """Digits in the groups of a mobile number, too few or too many, where money is spoken of."""
    if not _MONEY.search(utterance.folded):
        return
    for begin, end in run.groups:
        start, digits = run.starts[begin], run.digits[begin:]
        is_begin = end - begin == _PREFIX and _BEGINS_MOBILE.match(digits)
        is_mobile = is_begin and not blocked.at(start, run.end)
        if is_mobile and _FEWEST_OF_MOBILE <= len(digits) <= _MOST_OF_MOBILE:
            yield utterance.entity("phone", None, start, run.end, problem="length")
            return


def _candidates(utterance: Utterance, run: Run) -> Iterator[tuple[str, int, int]]:
    whole = _number(run.digits)
    if whole and not _glued(utterance, run.start, run.end):
        yield whole, _with_plus(utterance, run.start), run.end
        return
    for begin, end in _pieces(utterance, run):
        number = _number(run.digits[begin:end])
        if number and not _glued(utterance, run.starts[begin], run.ends[end - 1]):
            yield number, run.starts[begin], run.ends[end - 1]


def _pieces(utterance: Utterance, run: Run) -> Iterator[tuple[int, int]]:
    """Parts of a run that may be a number: its groups, and what stands beside a 要 (want)."""
    for length in (11, 12, 13):
        for begin, end in run.windows(length):
            if length == 13 or run.shape(begin, end) in _SHAPES:
                yield begin, end
    # 幺三八…八五十: the last digit said begins the amount.
    if len(run.digits) == 12 and utterance.folded[run.end : run.end + 1] in tuple("十百千"):
        yield 0, 11
    yield from _written_at_once(utterance, run)
    wants = [i for i, at in enumerate(run.starts) if utterance.folded[at] == "要"]
    edges = [-1, *wants, len(run.digits)]
    for left in edges:
        yield from ((left + 1, right) for right in edges if right - left in (12, 13))


def _written_at_once(utterance: Utterance, run: Run) -> Iterator[tuple[int, int]]:
    """Eleven Arabic digits right after a word of which a part is a digit: 李四13900138000."""
    said = "".join("d" if utterance.folded[at].isascii() else "h" for at in run.starts)
    if len(set(run.starts)) == len(said):
        yield from (found.span() for found in re.finditer(r"(?<!d)d{11}(?!d)", said))


def _number(digits: str) -> str | None:
    local = _COUNTRY.sub("", digits, count=1) if len(digits) > 11 else digits
    return local if is_phone(local) else None


def _glued(utterance: Utterance, start: int, end: int) -> bool:
    around = utterance.before(start, 1) + utterance.folded[end : end + 1]
    return any("A" <= char <= "Z" for char in around)


def _with_plus(utterance: Utterance, start: int) -> int:
    return start - 1 if utterance.before(start, 1) == "+" else start
