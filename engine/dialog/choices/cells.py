"""What the cells of a row hold that customers may say: words and codes."""

from __future__ import annotations

import re

from engine.dialog.state.session import Offer

#: What parts the words of a cell: 北京→上海.
_APART = re.compile(r"[^\w]+")
#: A cell that is a code: G101, CA1234.
_CODE = re.compile(r"[A-Z]{1,3}[0-9]{1,5}[A-Z]?")


def words_in(offer: Offer) -> list[str]:
    """The cells of a row that are words, and those within others: 上海 of 北京→上海."""
    cells = [cell for cell in (offer.row or {}).values() if isinstance(cell, str)]
    pieces = [piece for cell in cells for piece in (cell, *_APART.split(cell))]
    whole = [each for each in pieces if len(each) > 1 and all(c > "\u2e7f" for c in each)]
    return list(dict.fromkeys(whole))


def codes_in(offer: Offer) -> list[str]:
    """The cells of a row that are letters and digits, as customers say them: G101."""
    cells = [cell for cell in (offer.row or {}).values() if isinstance(cell, str)]
    return [cell for cell in cells if _CODE.fullmatch(cell)]
