"""Numbers as they are said in Mandarin: counted (一百零五) or digit by digit (幺零五)."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
_SMALL = ((1000, "千"), (100, "百"), (10, "十"))
_LARGE = ((10**8, "亿"), (10**4, "万"))


def spelled(digits: str, *, one: str = "幺") -> str:
    """Digit by digit, as numbers that name something are said; ``one`` is 幺 or 一."""
    return "".join(one if digit == "1" else DIGITS[int(digit)] for digit in digits)


def cardinal(number: int, *, two: str = "二") -> str:
    """A number that counts; ``two`` is how 2 is said before 百, 千, 万, 亿 (二 or 两)."""
    said = _counted(number, two) or DIGITS[0]
    return said.removeprefix("一") if said.startswith("一十") else said


def decimal(written: str, *, two: str = "二") -> str:
    """``30.5`` → 三十点五."""
    whole, _, part = written.partition(".")
    said = cardinal(int(whole), two=two)
    return f"{said}点{spelled(part, one='一')}" if part else said


def _counted(number: int, two: str) -> str:
    for size, name in _LARGE:
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return (two if high == 2 else _counted(high, two)) + name + gap + _counted(low, two)
    return _below_10000(number, two)


def _below_10000(number: int, two: str) -> str:
    said, gap = "", False
    for size, name in _SMALL:
        digit, number = divmod(number, size)
        if digit:
            said += ("零" if gap else "") + (two if digit == 2 and size > 10 else DIGITS[digit])
            said, gap = said + name, False
        elif said:
            gap = True
    if number:
        said += ("零" if gap else "") + DIGITS[number]
    return said
