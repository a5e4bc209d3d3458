"""What whole numbers look like: a phone number has 11 digits, an identity number checks itself,
a seat is a row and a letter, a booking has six marks.

Someone who is asked for a number nearly always says a whole one, and so does who opens with one; of
several hypotheses one that is whole is the likelier. It is leant towards, never made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

_DIGITS = str.maketrans("零〇一二三四五六七八九幺洞两拐勾", "00123456789" + "10279")
_RUN = re.compile(r"[0-9]+X?")
_LAST_X = re.compile("艾克斯|叉")

_MOBILE = re.compile(r"1[3-9][0-9]{9}")

#: GB 11643-1999: weights of the first 17 digits, and the check character for each remainder.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_IDENTITY = re.compile(
    r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
)


def is_mobile(digits: str) -> bool:
    """Whether these are the 11 digits of a mobile number of the mainland."""
    return _MOBILE.fullmatch(digits) is not None


def is_identity(digits: str) -> bool:
    """Whether these 18 characters are an identity number: its birth date and check character."""
    if not _IDENTITY.fullmatch(digits):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == digits[17]


#: A row and a letter, as 「十二排A座」 and 「幺二A」.
_SEAT = re.compile("[零一二三四五六七八九十幺两]排?[A-L]座?(?![A-Z零一二三四五六七八九十幺两])")

#: A booking's reference has six marks, and a letter at least among them.
_REFERENCE = re.compile("(?<![A-Z0-9])(?=[0-9]*[A-Z])[A-Z0-9]{6}(?![A-Z0-9])")


def holds_seat(text: str) -> bool:
    """Whether somebody names a seat in a heard text, and says no more of it than that."""
    return _SEAT.search(text) is not None


def holds_reference(text: str) -> bool:
    """Whether a booking's reference is in a heard text."""
    return _REFERENCE.search(text.translate(_DIGITS)) is not None


def _of_length(length: int) -> Callable[[str], bool]:
    return lambda digits: len(digits) == length


_NUMBERS: dict[str, Callable[[str], bool]] = {"phone": is_mobile, "id_number": is_identity}
#: Parts of them, where a part is asked for.
_PARTS = {f"digits_{length}": _of_length(length) for length in (3, 4, 6, 8)}
_TESTS = _NUMBERS | _PARTS
_TEXTS: dict[str, Callable[[str], bool]] = {"seat": holds_seat, "order_no": holds_reference}


def shapes_of(kinds: Collection[str]) -> tuple[str, ...]:
    """The kinds that have a shape; in the answer to an open question may be any number of those
    that nothing else is mistaken for.
    """
    return tuple(kind for kind in (*_TESTS, *_TEXTS) if kind in (kinds or _NUMBERS))


def holds_whole(text: str, shapes: Iterable[str]) -> bool:
    """Whether a heard text has a whole number in it of one of the `shapes_of` kinds.

    >>> holds_whole("我的号码是幺三八幺二三四五六七八", ["phone"])
    True
    """
    known = tuple(shapes)
    tests = [_TESTS[shape] for shape in known if shape in _TESTS]
    runs = _RUN.findall(_LAST_X.sub("X", text).translate(_DIGITS)) if tests else ()
    return any(test(run) for run in runs for test in tests) or any(
        _TEXTS[shape](text) for shape in known if shape in _TEXTS
    )


def most_hypotheses(shapes: Collection[str]) -> int:
    """How many hypotheses are worth having: many where a whole number has to be found."""
    return 60 if shapes else 15
