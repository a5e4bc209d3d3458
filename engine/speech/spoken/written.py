"""Written numbers, dates, codes and letters as people say them; the rest stays as it is.

The first way of `ways` is the one that a reader would choose, `spoken`. A number that names
something (phone, flight, order) is said digit by digit, one that counts as a number.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable

from engine.speech.spoken import airlines, tables
from engine.speech.spoken.numbers import cardinal, decimal, spelled

#: More ways than these to say one text are of no use to a grammar.
MOST_WAYS = 24

_UNIT = (
    "个|块|元|角|毛|分|点|号|日|月|年|周|天|岁|位|人|次|张|件|排|楼|层|度|米|斤|公斤|千克|公里|小时|"
    "刻|秒|万|亿|千|百|兆|折|倍|条|份|页|班|项|种|家|间|台|部|本|只|名|段|代|级|成|笔|期|行|列|(?:MB|GB|G|M)(?![A-Za-z0-9])"
)
_MEASURED_BY_LIANG = "个块元位人次张件天周条份班项种家间台部本只名段笔年小万亿千斤公"

Ways = tuple[str, ...]


def spoken(text: str) -> str:
    """The usual way to say a text: ``CA1234`` → CA幺二三四, ``30.5元`` → 三十点五元."""
    return ways(text)[0]


def ways(text: str) -> Ways:
    """Several ways to say a text, the usual one first; punctuation becomes a space."""
    text = unicodedata.normalize("NFKC", text)
    parts: list[Ways] = []
    end = 0
    for match in _WRITTEN.finditer(text):
        parts += [(_plain(text[end : match.start()]),), _SAID[str(match.lastgroup)](match)]
        end = match.end()
    parts.append((_plain(text[end:]),))
    every = map("".join, itertools.islice(itertools.product(*parts), MOST_WAYS * 8))
    return tuple(dict.fromkeys(" ".join(way.split()) for way in every))[:MOST_WAYS]


def _plain(text: str) -> str:
    kept = (mark if mark.isalnum() else " " for mark in text)
    return "".join(mark.upper() if mark.isascii() else mark for mark in kept)


def _unique(said: Iterable[str]) -> Ways:
    return tuple(dict.fromkeys(said))


def _digits(digits: str) -> Ways:
    return _unique((spelled(digits), spelled(digits, one="一")))


def _count(digits: str) -> Ways:
    return _unique(decimal(digits, two=two) for two in "二两")


def _date(match: re.Match[str]) -> Ways:
    year, month, day = re.findall(r"\d+", match[0])
    rest = f"{cardinal(int(month))}月{cardinal(int(day))}"
    return tuple(f"{spelled(year, one='一')}年{rest}{end}" for end in "日号")


def _year(match: re.Match[str]) -> Ways:
    return (spelled(match[0][:-1], one="一") + "年",)


def _time(match: re.Match[str]) -> Ways:
    hour, minute = (int(part) for part in re.findall(r"\d+", match[0])[:2])
    hours = ("两", "二") if hour == 2 else (cardinal(hour),)
    if not minute:
        ends = ["点", "点整", "点钟"]
    else:
        said = ("零" if minute < 10 else "") + cardinal(minute)
        ends = ["点" + said, f"点{said}分", *{30: ["点半"], 15: ["点一刻"]}.get(minute, [])]
    return tuple(hour + end for end in ends for hour in hours)


def _money(match: re.Match[str]) -> Ways:
    number = match[0].lstrip("¥￥").removesuffix("元")
    return _unique(said + unit for said in _count(number) for unit in ("元", "块", "块钱")) + (
        tuple(
            _count(whole)[-1] + "块" + spelled(part, one="一")
            for whole, part in [number.split(".")]
        )
        if "." in number
        else ()
    )


def _percent(match: re.Match[str]) -> Ways:
    return ("百分之" + decimal(match[0][:-1]),)


def _measured(match: re.Match[str]) -> Ways:
    number, follower = match[0], match.string[match.end() : match.end() + 1]
    ordinal = match.string[: match.start()].endswith("第")
    if number == "2" and follower in _MEASURED_BY_LIANG and not ordinal:
        return ("两",)
    return _count(number)


def _number(match: re.Match[str]) -> Ways:
    digits = match[0]
    if "." in digits:
        return _count(digits)
    if len(digits) >= 5 or digits[0] == "0":
        return _digits(digits)
    named, counted = _digits(digits), _count(digits)
    return _unique(counted + named if len(digits) < 3 or digits.endswith("00") else named + counted)


def _code(match: re.Match[str]) -> Ways:
    return _unique("".join(_letter_or(mark, one) for mark in match[0]) for one in "幺一")


def _letter_or(mark: str, one: str) -> str:
    return spelled(mark, one=one) if mark.isdigit() else mark.upper() if mark.isalpha() else ""


def _seat(match: re.Match[str]) -> Ways:
    row, letter = match[0][:-1], match[0][-1].upper()
    said = _unique((cardinal(int(row)), *(_digits(row) if len(row) > 1 else ())))
    return tuple(each + gap + letter for gap in ("", "排") for each in said)


def _flight(match: re.Match[str]) -> Ways:
    names = airlines.names().get(match[0][:2].upper(), ())
    return _code(match) + tuple(
        name + digits for name in names for digits in _digits(re.sub(r"\D", "", match[0][2:]))
    )


def _latin(match: re.Match[str]) -> Ways:
    word = match[0].upper()
    return (next((known for known in tables.words() if known.upper() == word), word),)


#: Kind → how it is written, and said; what stands earlier is tried first.
_RULES: dict[str, tuple[str, Callable[[re.Match[str]], Ways]]] = {
    "date": (r"\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|年\d{1,2}月\d{1,2}[日号])", _date),
    "year": (r"\d{4}年", _year),
    "time": (r"(?<![\d:])[012]?\d:[0-5]\d(?![\d:])", _time),
    "money": (r"¥\d+(?:\.\d+)?元?|\d+\.\d+元", _money),
    "percent": (r"\d+(?:\.\d+)?%", _percent),
    "flight": (
        r"(?<![A-Za-z0-9])(?:[A-Za-z]{2}|[A-Za-z]\d|\d[A-Za-z])\d{3,4}(?![A-Za-z0-9])",
        _flight,
    ),
    "seat": (r"(?<![A-Za-z0-9])\d{1,2}[A-HJ-La-hj-l](?![A-Za-z0-9])", _seat),
    "measured": (rf"\d+(?:\.\d+)?(?=\s?(?:{_UNIT}))", _measured),
    "code": (r"(?=[A-Za-z-]*\d)(?=[\d-]*[A-Za-z])[A-Za-z\d-]+", _code),
    "number": (r"\d+(?:\.\d+)?", _number),
    "latin": (r"[A-Za-z]+", _latin),
}
_WRITTEN = re.compile("|".join(f"(?P<{kind}>{rule})" for kind, (rule, _) in _RULES.items()))
_SAID = {kind: say for kind, (_, say) in _RULES.items()}
