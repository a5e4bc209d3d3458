"""Messages and accounts as the page gets them: plain values, addresses of our own origin."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.relay.accounts import Registered
from engine.relay.answer import Article, Content
from engine.relay.markup import Choice, Marked, Part, is_web, parse
from engine.relay.messages import Direction, Message

_OTHER = {"video": "[视频]", "music": "[音乐]"}


def message(shown: Message) -> dict[str, Any]:
    """One message; `parts`, `choices`, `picture`, `voice` and `articles` where it has them.

    `answers` is the id of the message that this is the provider's direct answer to.
    """
    content = shown.content
    return {
        "id": shown.id,
        "revision": shown.revision,
        "account": shown.account,
        "direction": shown.direction,
        "kind": content.kind,
        "status": shown.status,
        "at": shown.at,
        "nonce": shown.nonce,
        **_marked(shown.direction, content),
        **_pictured(shown),
        **({"answers": content.answers} if content.answers else {}),
    }


def account(shown: Registered) -> dict[str, Any]:
    """An account as customers see it."""
    return {
        "name": shown.name,
        "title": shown.listing.title,
        "number": shown.listing.number,
        "menu": msgspec.to_builtins(shown.listing.menu),
        "qr": f"/qr/{shown.listing.number}.svg",
    }


def _marked(direction: Direction, content: Content) -> dict[str, Any]:
    if content.kind == "menu":
        marked = _menu(content)
    elif content.kind == "other":
        marked = Marked((Part(_OTHER.get(content.text, "[消息]")),))
    elif direction is Direction.DOWN:
        marked = parse(content.text)
    else:
        marked = Marked((Part(content.text),) if content.text else ())
    return dict(msgspec.to_builtins(marked))


def _menu(content: Content) -> Marked:
    head, tail = parse(content.text), parse(content.tail)
    choices = tuple(Choice(label, id) for id, label in content.choices)
    seam = (Part("\n"),) if head.parts and tail.parts else ()
    return Marked((*head.parts, *seam, *tail.parts), (*head.choices, *choices, *tail.choices))


def _pictured(shown: Message) -> dict[str, Any]:
    articles = shown.content.articles
    if articles:
        return {"articles": [_article(shown, index, each) for index, each in enumerate(articles)]}
    if shown.content.kind == "voice":
        return {"voice": {"address": f"/voice/{shown.id}", "seconds": shown.content.seconds}}
    return {"picture": f"/picture/{shown.id}/0"} if shown.content.media else {}


def _article(shown: Message, index: int, article: Article) -> dict[str, str]:
    # A card that only leads to its own picture opens it in the page.
    leads_on = is_web(article.url) and article.url != article.picture
    return {
        "title": article.title,
        "description": article.description,
        "picture": f"/picture/{shown.id}/{index}" if article.picture else "",
        "href": article.url if leads_on else "",
    }
