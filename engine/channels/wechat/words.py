"""Words within the platform's limits, and choices as links inside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from engine.message import Button

#: UTF-8 bytes of one text. Undocumented for passive replies; longer API texts give 45002.
LIMIT = 2048

SHORTENED = "……（内容较长，仅显示前一部分）"

#: Where a long text may be cut, best first: between paragraphs, lines, sentences, clauses.
_SEAMS = ("\n\n", "\n", "。", "！", "？", "；", "，", " ")
#: A tag, or a link with its words, that the end tears apart.
_TORN = re.compile(r"(?:<[^<>]{0,600}|<a\b[^<>]*>[^<]{0,100})\Z")


def size(text: str) -> int:
    """Bytes of a text on the wire."""
    return len(text.encode(errors="replace"))


def split(text: str, limit: int = LIMIT) -> list[str]:
    """A text as parts of at most ``limit`` bytes, cut where a reader would pause."""
    parts = []
    while size(text) > limit:
        at = _seam(_head(text, limit))
        parts.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*parts, text] if text or not parts else parts


def shorten(text: str, limit: int = LIMIT) -> str:
    """A text of at most ``limit`` bytes that says so when something is left out."""
    if size(text) <= limit:
        return text
    return split(text, limit - size(SHORTENED))[0] + SHORTENED


def links(buttons: Iterable[Button]) -> str:
    """One line a choice; a tap sends its label as text, with the payload as ``bizmsgmenuid``."""
    return "\n".join(_link(button) for button in buttons)


def _link(button: Button) -> str:
    label = re.sub(r"[<>\n]", "", button.label)
    query = f"msgmenucontent={quote(label, safe='')}&msgmenuid={quote(button.payload, safe='')}"
    return f'<a href="weixin://bizmsgmenu?{query}">{label}</a>'


def _head(text: str, limit: int) -> str:
    head = text.encode(errors="replace")[:limit].decode(errors="ignore")
    torn = _TORN.search(head)
    return head[: torn.start()] if torn and torn.start() else head


def _seam(head: str) -> int:
    for seam in _SEAMS:
        at = head.rfind(seam)
        # An early seam would leave a stub of a message.
        if at > len(head) // 2:
            return at + len(seam)
    return len(head)
