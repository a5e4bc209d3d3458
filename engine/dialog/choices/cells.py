"""What the cells of a row hold that customers may say: words and codes."""

from __future__ import annotations

import re

from engine.dialog.state.session import Offer

#: What parts the words of a cell: 北京→上海.
_APART = re.compile(r"[^\w]+")
#: A cell, or a part of one, in Latin letters: SUV, CR-V.
_LATIN = re.compile(r"[A-Za-z][A-Za-z-]*[A-Za-z]")
#: A cell that is a code: G101, CA1234.
_CODE = re.compile(r"[A-Z]{1,3}[0-9]{1,5}[A-Z]?")
#: Characters of a word that has no part that names it as well.
_SHORT = 2


def words_in(offer: Offer) -> list[str]:
    """The cells of a row that are words, and those within others: 上海 of 北京→上海."""
    cells = [cell for cell in (offer.row or {}).values() if isinstance(cell, str)]
    pieces = [piece for cell in cells for piece in (cell, *_APART.split(cell))]
    whole = [each for each in pieces if len(each) > 1 and all(c > "\u2e7f" for c in each)]
    return list(dict.fromkeys(whole))


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
