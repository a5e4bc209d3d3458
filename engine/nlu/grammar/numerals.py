"""Numbers as customers write and say them: Hanzi, Arabic, financial, mixed, colloquial."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

DIGITS = {
    **{str(value): value for value in range(10)},
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
    "幺": 1,
    "两": 2,
    "俩": 2,
    "仨": 3,
}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000}
UNITS["亿"] = 100_000_000
TENS = {"廿": 20, "卅": 30}

HANZI_DIGIT = "零一二三四五六七八九两俩仨幺壹贰叁肆伍陆柒捌玖"
HANZI = HANZI_DIGIT + "".join(UNITS) + "".join(TENS)

#: A number below 100 in either script, as a regular expression without groups.
SMALL = (
    r"(?:[0-9]{1,2}(?![0-9])|[一二三四五六七八九]?十[一二三四五六七八九]?|"
    r"[廿卅][一二三四五六七八九]?"
    r"|[一二三幺]十?[零一二三四五六七八九幺]|[零一二两三四五六七八九])"
)

_RUN = re.compile(
    rf"半百|(?:(?:[0-9]{{1,3}}(?:,[0-9]{{3}}(?![0-9]))+|[0-9]+)(?:\.[0-9]+)?(?:[KW](?![A-Z0-9]))?|[{HANZI}])+"
    rf"(?:点[零一二三四五六七八九]{{1,6}}(?![十分刻{HANZI_DIGIT}0-9])[万亿]?)?"
)
_BEFORE_PHONE = re.compile(r"[十百千](?=1[3-9][0-9]{9}$)")
#: Digits before what counts something else: 50 of 「充50一个」.
_BEFORE_ONE = re.compile("[0-9](?=[一两]$)")
#: One number or the next: 七八 is no 78.
_ONE_OR_NEXT = re.compile("一两|[两二]三|三五|三四|四五|五六|六七|七八|八九")
_PIECE = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?[KW]?|.")
_COUNTED = frozenset("个下次笔份起共边半遍直定样")
#: No amount or count is longer; longer runs are codes, or an attack.
_LONGEST = 28


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at ``[start:end]`` of the folded text; ``value`` is None when it says no number."""

    start: int
    end: int
    text: str
    value: Decimal | None


def find_numerals(folded: str) -> list[Numeral]:
    """Every run of number characters, in order; works in one pass over the text."""
    return [
        Numeral(start, end, folded[start:end], read(folded[start:end]))
        for match in _RUN.finditer(folded)
        for start, end in _apart(match)
    ]


def _apart(match: re.Match[str]) -> list[tuple[int, int]]:
    """Where its numbers stand: 五十13900138000 is an amount and a telephone number."""
    start, end = match.span()
    counts = match.string[end : end + 1] in _COUNTED
    apart = _BEFORE_PHONE.search(match[0]) or (_BEFORE_ONE.search(match[0]) if counts else None)
    return [(start, start + apart.end()), (start + apart.end(), end)] if apart else [(start, end)]


def small(text: str) -> int:
    """The value of a text that matches `SMALL`.

    >>> small("二十八"), small("十"), small("03"), small("廿三"), small("三一")
    (28, 10, 3, 23, 31)
    """
    if text.isascii():
        return int(text)
    if text[0] in TENS:
        return TENS[text[0]] + (DIGITS[text[1]] if len(text) > 1 else 0)
    tens, ten, ones = text.partition("十")
    if ten:
        return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
    return int("".join(str(DIGITS[char]) for char in text))


def is_one_or_next(text: str) -> bool:
    """Whether a run of number characters is one number or the next: 「七八年」, 「两三个」."""
    return _ONE_OR_NEXT.fullmatch(text) is not None


def read(text: str) -> Decimal | None:
    """The number that a folded run of number characters says, or None.

    >>> [plain(read(said)) for said in ("一百二", "两百五", "1.5万", "一千零五十", "壹佰", "1K")]
    ['120', '250', '15000', '1050', '100', '1000']
    """
    if text == "半百":
        return Decimal(50)
    if len(text) > _LONGEST:
        return None
    whole, point, fraction = text.partition("点")
    if not point:
        return _read_whole(text)
    scale = UNITS.get(fraction[-1], 1)
    value = _read_whole(whole)
    digits = "".join(str(DIGITS[char]) for char in fraction if char in DIGITS)
    return None if value is None else (value + Decimal(f"0.{digits}")) * scale


def _read_whole(text: str) -> Decimal | None:
    pieces = _PIECE.findall(text)
    if len(pieces) == 1 and pieces[0] not in UNITS and pieces[0] not in TENS:
        return _digit(pieces[0])
    if all(piece in DIGITS for piece in pieces):
        return Decimal("".join(str(DIGITS[piece]) for piece in pieces))
    return _with_units(pieces)


def _digit(piece: str) -> Decimal:
    if piece[-1] in "KW":
        return _digit(piece[:-1]) * (1000 if piece[-1] == "K" else 10_000)
    if piece in DIGITS:
        return Decimal(DIGITS[piece])
    return Decimal(piece.replace(",", ""))


def _with_units(pieces: list[str]) -> Decimal | None:
    total = section = Decimal(0)
    current: Decimal | None = None
    last = 0
    for piece in pieces:
        if piece in TENS:
            section, last = section + TENS[piece], 10
        elif piece not in UNITS:
            if current:
                return None
            current = _digit(piece)
            last = last if current else 0
        elif (unit := UNITS[piece]) < 10_000:
            if not current and unit > 10:
                return None
            section, current, last = section + (current or 1) * unit, None, unit
        else:
            section += current or 0
            if not section:
                return None
            total, section, current, last = total + section * unit, Decimal(0), None, unit
    if current is None:
        return total + section
    return total + section + current * (last // 10 if last >= 100 else 1)


def plain(value: Decimal) -> str:
    """A decimal without exponent or needless zeros.

    >>> plain(Decimal("30.50")), plain(Decimal(15000))
    ('30.5', '15000')
    """
    return f"{value.normalize():f}"
