"""Order numbers, ticket numbers, booking references (PNR)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import ascii_uppercase

from engine.nlu.grammar.digits import SPOKEN
from engine.nlu.grammar.spans import Spans, longest_first
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

_DIGIT = f"[{''.join(SPOKEN)}]".replace("要", "")
_TOKEN = rf"(?:[二两三四五六七八九2-9]个{_DIGIT}|[A-Z]|{_DIGIT})"
_GAP = r"(?:[\s\-—.·]|呃|嗯|额|那个|杠){0,2}"
_CUE = re.compile(
    r"(?P<cue>(?:订单|客票|机票|电子票|票|流水|交易|预订|预定|订座|"
    r"确认|支付|单据|记录|业务)(?:编号|号码?|编码|记录|码|单号)"
    r"|(?:单|编|票)号|订单|编码|PNR|流水)(?:编号|号码?|号)?"
    r"(?:[\s,，:=]|是|为|叫|的|呢|就是|应该是|那个|呃|嗯){0,4}"
)
_BODY = re.compile(rf"{_TOKEN}(?:{_GAP}{_TOKEN}){{4,27}}(?![A-Z0-9])")
_SPACE = re.compile(r"\s+")
_WEAK = frozenset({"订单", "流水"})
_OTHER = re.compile(
    r"[A-Z]{2}[0-9]{3,4}[A-Z]?|[0-9][A-Z][0-9]{3,4}|[A-Z][0-9][0-9]{3,4}|[0-9]+(?:RMB|CNY)"
)
_BARE = re.compile(
    r"(?<![A-Z0-9])(?:[0-9]{3}-[0-9]{10}|[0-9]{12,24}"
    r"|(?=[A-Z0-9]{0,5}[0-9])(?=[A-Z0-9]{0,5}[A-Z])[A-Z0-9]{6}|[A-Z]{1,4}[0-9]{8,20})(?![A-Z0-9\-])"
)
#: A booking reference with digits that were said: PL三W九X.
_SAID = re.compile(
    rf"(?<![A-Z0-9])(?=(?:[^A-Z]{{0,4}}[A-Z]){{2}})(?:[A-Z]|{_DIGIT}){{6}}(?![A-Z0-9])(?!{_DIGIT})"
)
#: Codes that nothing else looks like: letters around a digit, and the 13 digits of an e-ticket.
_PLAIN = re.compile(r"[A-Z]+[0-9]+[A-Z][A-Z0-9]*|[0789][0-9]{12}")
_CUE_AFTER = re.compile(
    r"\s?(?:[这那](?:个|张|笔|条|一单|单)?|的)?(?:订单|单子|单号|票号|客票|机票)"
)


def find_orders(utterance: Utterance, taken: Iterable[Entity]) -> list[Entity]:
    """Upper case, hyphens and pauses removed; without a cue word mostly loose.

    ``taken`` holds what else the digits are: identity, phone and flight numbers.
    """
    if not utterance.runs and not utterance.has(ascii_uppercase):
        return []
    return longest_first(_all(utterance, Spans(taken)))


def _all(utterance: Utterance, taken: Spans) -> Iterator[Entity]:
    folded = utterance.folded
    for cue in _CUE.finditer(folded):
        if body := _BODY.match(folded, cue.end()):
            yield from _cued(utterance, cue["cue"] in _WEAK, body, taken)
    for bare in _BARE.finditer(folded):
        if not taken.at(*bare.span()) and not _OTHER.fullmatch(bare[0]):
            value = bare[0].replace("-", "")
            sure = _PLAIN.fullmatch(value) or _CUE_AFTER.match(folded, bare.end())
            yield utterance.entity("order_no", value, *bare.span(), strict=sure is not None)
    yield from _said(utterance, taken)


def _said(utterance: Utterance, taken: Spans) -> Iterator[Entity]:
    for match in _SAID.finditer(utterance.folded):
        value = _spell(match[0])
        is_mixed = match[0] != value and not value.isalpha()
        if is_mixed and not taken.at(*match.span()) and not _OTHER.fullmatch(value):
            yield utterance.entity("order_no", value, *match.span(), strict=False)


def _cued(utterance: Utterance, weak: bool, body: re.Match[str], taken: Spans) -> Iterator[Entity]:
    start, end = body.start(), body.end()
    end = start + len(_first_chunk(body[0]))
    if weak and taken.at(start, end):
        return
    value = _spell(utterance.folded[start:end])
    if any(char.isdigit() for char in value) or len(value) == 6:
        yield utterance.entity("order_no", value, start, end)


def _first_chunk(body: str) -> str:
    """A whole number before a space ends there; shorter pieces are one number said in groups."""
    chunk = _SPACE.split(body, maxsplit=1)[0]
    whole = len(_spell(chunk)) >= 10 or (len(chunk) == 6 and not chunk.isdigit())
    return chunk if whole else body


def _spell(body: str) -> str:
    said: list[str] = []
    for token in re.findall(_TOKEN, body):
        digit = SPOKEN.get(token[-1], token[-1])
        said.append(digit * int(SPOKEN[token[0]]) if len(token) > 1 else digit)
    return "".join(said)
