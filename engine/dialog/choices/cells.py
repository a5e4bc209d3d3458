"""What the cells of a row hold that customers may say: words and codes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.business.provider import Row
from engine.dialog.state.session import Offer
from engine.dialog.wording.lexicon import either, lexicon
from engine.nlu.grammar.numerals import HANZI, find_numerals

#: What parts the words of a cell: 北京→上海.
_APART = re.compile(r"[^\w]+")
#: What is being done: 正在打印, where a label shows 打印中.
_GOING_ON = re.compile("正?在([\u4e00-\u9fff]{2})")
#: The name of one of several that are numbered: 2号场, and what comes after its number.
_NUMBERED = re.compile("[0-9]{1,4}(号[\u4e00-\u9fff]+)")
#: The words before the number, or the letters, of a name.
_LED = re.compile("[\u4e00-\u9fff]{2,}(?=[0-9A-Za-z])")
#: A name with letters in it: 奔驰S.
_LETTERED = "(?=[A-Za-z]*[\u4e00-\u9fff])[A-Za-z\u4e00-\u9fff]{3,}"
_WORD = re.compile(rf"[^\x00-\u2e7f]{{2,}}|{_NUMBERED.pattern}|{_LETTERED}")
#: A cell, or a part of one, in Latin letters: SUV, CR-V.
_LATIN = re.compile(r"[A-Za-z][A-Za-z-]*[A-Za-z]")
#: A cell that is a code: G101, CA1234, and the plate 粤B12345.
_CODE = re.compile(r"[A-Z]{1,3}[0-9]{1,5}[A-Z]?|[\u4e00-\u9fff][A-Z][0-9A-Z]{5,6}")
#: Characters of a word that has no part that names it as well.
_SHORT = 2


def words_in(offer: Offer) -> list[str]:
    """The cells of a row that are words, and those within others: 上海 of 北京→上海, 2号场."""
    cells = [cell for cell in (offer.row or {}).values() if isinstance(cell, str)]
    pieces = [piece for cell in cells for piece in (cell, *_APART.split(cell), *_led(cell))]
    return list(dict.fromkeys(each for each in pieces if _WORD.fullmatch(each)))


def _led(cell: str) -> list[str]:
    """The words before the number of a name: 地铁 of 地铁2号线口, 奔驰 of 奔驰S."""
    led = _LED.match(cell)
    return [led[0]] if led else []


def as_shown(text: str, offers: Iterable[Offer]) -> str:
    """A text in the words of labels, where others mean the same: 过期 for the 逾期 of a bill.

    快到期 is 没逾期 there.
    """
    labels = "\n".join(offer.label for offer in offers)
    for shown, others in lexicon().lacking.items():
        if shown in labels:
            text = re.sub(either(others), f"没{shown}", text)
    for alike in lexicon().alike:
        shown = next((word for word in alike if word in labels), "")
        said = next((word for word in alike if word in text), "")
        if shown and said:
            text = text.replace(said, shown)
    for going_on in _GOING_ON.finditer(text):
        if (state := f"{going_on[1]}中") in labels:
            text = text.replace(going_on[0], state)
    return text


def in_digits(text: str) -> str:
    """A text with its numbers in digits: 2号场 for 二号场."""
    for found in reversed(find_numerals(text)):
        if found.value is not None and found.value == found.value.to_integral_value():
            text = f"{text[: found.start]}{int(found.value)}{text[found.end :]}"
    return text


def numbered_in(text: str, rows: Iterable[Row]) -> list[tuple[int, int]]:
    """From where to where a text has a name as rows have it, but for its number: 2号场 of 1号场."""
    cells = (cell for row in rows for cell in row.values() if isinstance(cell, str))
    kinds = {found[1] for cell in cells if (found := _NUMBERED.fullmatch(cell))}
    return [found.span() for kind in kinds for found in re.finditer(rf"[0-9{HANZI}]+{kind}", text)]


def words_of(offer: Offer) -> list[str]:
    """The cells of a row that are words, as they stand there."""
    return [cell for cell in (offer.row or {}).values() if isinstance(cell, str) and len(cell) > 1]


def latin_in(offer: Offer) -> list[str]:
    """The words in Latin letters of a row that its label shows: SUV, CR-V of 本田CR-V."""
    cells = [cell for cell in (offer.row or {}).values() if isinstance(cell, str)]
    words = [word for cell in cells for word in _LATIN.findall(cell)]
    return [word for word in dict.fromkeys(words) if word in offer.label]


def heads_in(offer: Offer) -> set[str]:
    """The last characters of the words of a row that its label shows: 鞋 of 跑步鞋."""
    return {word[-1] for word in words_in(offer) if word in offer.label and len(word) > _SHORT}


def codes_in(offer: Offer) -> list[str]:
    """The cells of a row that are letters and digits, as customers say them: G101."""
    cells = [cell for cell in (offer.row or {}).values() if isinstance(cell, str)]
    return [cell for cell in cells if _CODE.fullmatch(cell)]
