"""The links that a text message may carry, cut out so that a page never reads HTML.

An account's text is plain but for `<a href>`: web links, and choices written as
`weixin://bizmsgmenu?msgmenucontent=LABEL&msgmenuid=ID`, which send their label back when tapped.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote, urlsplit

import msgspec

_ANCHOR = re.compile(
    r"""<a\s[^<>]*?href\s*=\s*(["'])(?P<href>.*?)\1[^<>]*>(?P<label>.*?)</a>""",
    re.IGNORECASE | re.DOTALL,
)
_CHOICE = "weixin://bizmsgmenu"


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run of a text: words, and where they lead when they are a web link."""

    text: str
    href: str = ""


class Choice(msgspec.Struct, frozen=True):
    """A tappable answer: its words, and the id that goes back with them."""

    label: str
    id: str


class Marked(msgspec.Struct, frozen=True, omit_defaults=True):
    """A text as a page shows it: runs, then choices."""

    parts: tuple[Part, ...] = ()
    choices: tuple[Choice, ...] = ()


def parse(text: str) -> Marked:
    """Cut a text into runs and choices. What is not a link stays literally as it is.

    >>> parse('去<a href="https://example.org">看</a>').parts[1]
    Part(text='看', href='https://example.org')
    """
    parts: list[Part] = []
    choices: list[Choice] = []
    end = 0
    for anchor in _ANCHOR.finditer(text):
        href, label = html.unescape(anchor["href"]).strip(), html.unescape(anchor["label"])
        if href.startswith(_CHOICE):
            part = None
            choices.append(_choice(href, label))
        elif is_web(href):
            part = Part(label, href)
        else:
            continue
        parts.append(Part(text[end : anchor.start()]))
        end = anchor.end()
        if part:
            parts.append(part)
    parts.append(Part(text[end:]))
    return Marked(_trimmed(parts), tuple(choices))


def is_web(href: str) -> bool:
    """Whether a link leads to a web page, and nowhere else."""
    try:
        place = urlsplit(href)
    except ValueError:
        return False
    return place.scheme in {"http", "https"} and bool(place.hostname)


def _choice(href: str, label: str) -> Choice:
    query = dict(pair.split("=", 1) for pair in urlsplit(href).query.split("&") if "=" in pair)
    # Not `parse_qs`: on the platform a plus sign is a plus sign.
    content = unquote(query.get("msgmenucontent", ""))
    return Choice(content or label, unquote(query.get("msgmenuid", "")))


def _trimmed(parts: list[Part]) -> tuple[Part, ...]:
    """Without the empty lines that choices leave behind, and without empty runs."""
    kept = [part for part in parts if part.href or part.text.strip("\n")]
    if kept and not kept[-1].href:
        kept[-1] = Part(kept[-1].text.rstrip())
    return tuple(part for part in kept if part.text)
