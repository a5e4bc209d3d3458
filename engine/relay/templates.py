"""Template messages: fixed words with named places, as accounts have them approved."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.relay.accounts import Registered
from engine.relay.content import Article, Content
from engine.relay.errors import ApiError

_PLACE = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")


def fill(
    account: Registered, template_id: str, data: Mapping[str, str], *, url: str = ""
) -> Content:
    """What a customer sees of a template message. Raises `ApiError`.

    An account whose file lists no templates takes every id, and shows the values line by line.
    """
    known = account.listing.templates
    if known and template_id not in known:
        raise ApiError(40037, "invalid template_id")
    if not data:
        raise ApiError(47003, "argument invalid! data is empty")
    title, _, words = known.get(template_id, "").partition("\n")
    text = _PLACE.sub(lambda place: data.get(place[1], ""), words) if known else _lines(data)
    card = Article(title=title or "服务通知", description=text.strip(), url=url)
    return Content("template", articles=(card,))


def _lines(data: Mapping[str, str]) -> str:
    return "\n".join(f"{name}：{value}" for name, value in data.items())
