"""Replies as short messages: words only, cut into what a gateway takes at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.message import Button, Reply

#: Characters of the GSM 7-bit alphabet, and those that take two places of it.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€\f")
#: Places of one segment alone, and of each of several that the phone puts together.
_GSM_PLACES = (160, 153)
_UCS_PLACES = (70, 67)

#: What no cut goes through: a link, a number or a Latin word; else one character.
_UNIT = re.compile(r"https?://[!-~]+|[0-9A-Za-z]+(?:[.,:/+*@_-]+[0-9A-Za-z]+)*|.", re.DOTALL)
_SEAMS = "\n。！？；，"

#: A message that is the number of a choice, in digits of any width.
_NUMBER = re.compile(r"(\d{1,2})[.。、]?")

#: Where on this provider a picture can be answered by tapping on it.
_PAGES = {"seat_map": "seats"}


def fits(text: str, segments: int = 1) -> bool:
    """Whether a text goes into so many segments."""
    alphabet = _GSM | _GSM_TWICE
    if all(character in alphabet for character in text):
        size, places = len(text) + sum(each in _GSM_TWICE for each in text), _GSM_PLACES
    else:
        # Places of UCS-2 are UTF-16 units: a character outside of the BMP takes two.
        size, places = len(text.encode("utf-16-le", "replace")) // 2, _UCS_PLACES
    return size <= (places[0] if segments == 1 else places[1] * segments)


def split(text: str, segments: int = 1) -> list[str]:
    """A text as messages of at most so many segments, cut where a reader would pause.

    No link, number or Latin word is cut; one that is longer than a message stands alone, whole.
    """
    parts: list[str] = []
    units: list[str] = []
    for unit in _UNIT.findall(text.strip()):
        units.append(unit)
        while len(units) > 1 and not fits("".join(units).strip(), segments):
            at = _seam(units[:-1])
            parts.append("".join(units[:at]).strip())
            units = units[at:]
    return [part for part in (*parts, "".join(units).strip()) if part]


def compose(replies: Sequence[Reply], *, public_url: str, segments: int = 1) -> list[str]:
    """The messages that say these replies, in order."""
    told = (_told(reply, public_url) for reply in replies)
    return [part for text in told for part in split(text, segments)]


def choices(buttons: Sequence[Button]) -> list[str]:
    """The lines of choices, with the numbers that can be sent back in their place.

    Where a label is a value that begins with a digit (50 元, 12A) none gets a number: it would be
    taken for a value.
    """
    own = [each.label.startswith(f"{at}. ") for at, each in enumerate(buttons, start=1)]
    if any(each.label[:1].isdigit() for each, has in zip(buttons, own, strict=True) if not has):
        return [each.label for each in buttons]
    return [
        each.label if has else f"{at}. {each.label}"
        for at, (each, has) in enumerate(zip(buttons, own, strict=True), start=1)
    ]


def chosen(buttons: Sequence[Button], text: str) -> Button | None:
    """The choice whose number a customer sends back."""
    number = _NUMBER.fullmatch(text.strip())
    if number is None or not 0 < int(number[1]) <= len(buttons):
        return None
    at = int(number[1])
    line = choices(buttons)[at - 1]
    return buttons[at - 1] if line.startswith(f"{at}. ") else None


def _told(reply: Reply, public_url: str) -> str:
    lines = [reply.heard, reply.text]
    picture, link = reply.picture, reply.link
    if picture:
        lines.append(picture.alt)
        if picture.id and not link:
            page = _PAGES.get(picture.kind)
            link = f"/{page}/{picture.id}" if page else f"/media/{picture.id}.png"
    if link:
        lines.append(f"{public_url}{link}" if link.startswith("/") else link)
    shown = reply.text.splitlines()
    lines += [line for line in choices(reply.buttons) if line not in shown]
    return "\n".join(line for line in lines if line)


def _seam(units: Sequence[str]) -> int:
    """How many units the first message gets."""
    # An early seam would leave a stub of a message.
    for at in range(len(units), len(units) // 2, -1):
        if units[at - 1] in _SEAMS:
            return at
    return len(units)
