"""Messages and accounts as the page gets them: plain values, addresses of our own origin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from engine.relay.accounts import Registered
from engine.relay.content import Article, Content
from engine.relay.markup import Choice, Marked, Part, is_web, parse
from engine.relay.menus import Button
from engine.relay.messages import Direction, Message


def message(shown: Message) -> dict[str, Any]:
    """One message; `parts`, `choices`, `picture`, `voice`, `video`, `place`, `articles` and
    `notice` (a template message) where it has them.

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
        **_shown(shown),
        **({"answers": content.answers} if content.answers else {}),
    }


def account(shown: Registered, menu: Iterable[Button] = ()) -> dict[str, Any]:
    """An account as customers see it, with the menu that one of them has."""
    return {
        "name": shown.name,
        "title": shown.listing.title,
        "number": shown.listing.number,
        "menu": [_button(each) for each in menu],
        "qr": f"/qr/{shown.listing.number}.svg",
        "reports": shown.listing.reports,
    }


def _button(button: Button) -> dict[str, Any]:
    told = {"name": button.name, "type": button.type, "target": button.target}
    leads = {"url": button.url} if is_web(button.url) else {}
    return told | leads | {"sub": [_button(each) for each in button.sub_button]}


def _marked(direction: Direction, content: Content) -> dict[str, Any]:
    if content.kind == "menu":
        marked = _menu(content)
    elif content.kind in {"location", "link"}:
        marked = Marked()
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


def _shown(shown: Message) -> dict[str, Any]:
    content = shown.content
    match content.kind:
        case "voice":
            return {"voice": {"address": f"/voice/{shown.id}", "seconds": content.seconds}}
        case "video":
            return {"video": f"/video/{shown.id}"}
        case "image":
            return {"picture": f"/picture/{shown.id}/0"}
        case "location":
            return {"place": _place(content)}
        case "link":
            return {"articles": [_link(content)]}
        case "template":
            return {"notice": _article(shown, 0, content.articles[0])}
    articles = [_article(shown, index, each) for index, each in enumerate(content.articles)]
    return {"articles": articles} if articles else {}


def _place(content: Content) -> dict[str, Any]:
    latitude, longitude = content.fields["Location_X"], content.fields["Location_Y"]
    return {"label": content.text, "latitude": latitude, "longitude": longitude}


def _link(content: Content) -> dict[str, Any]:
    title, description, url = (content.fields[name] for name in ("Title", "Description", "Url"))
    return {"title": title, "description": description, "picture": "", "href": url}


def _article(shown: Message, index: int, article: Article) -> dict[str, str]:
    # A card that only leads to its own picture opens it in the page.
    leads_on = is_web(article.url) and article.url != article.picture
    return {
        "title": article.title,
        "description": article.description,
        "picture": f"/picture/{shown.id}/{index}" if article.picture else "",
        "href": article.url if leads_on else "",
    }
