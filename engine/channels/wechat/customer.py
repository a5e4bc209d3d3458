"""Customer-service messages: the JSON of `message/custom/send`."""

from __future__ import annotations

from typing import Any

from engine.channels.wechat.messages import Image, Menu, Message, News, Text


def body(message: Message, *, openid: str) -> dict[str, Any]:
    """What to post so that ``openid`` gets the message."""
    name, content = _content(message)
    return {"touser": openid, "msgtype": name, name: content}


def _content(message: Message) -> tuple[str, dict[str, Any]]:
    match message:
        case Text(content):
            return "text", {"content": content}
        case Image(media_id):
            return "image", {"media_id": media_id}
        case News():
            return "news", {"articles": [_article(message)]}
        case Menu(head, choices):
            entries = [{"id": choice.payload, "content": choice.label} for choice in choices]
            return "msgmenu", {"head_content": head, "list": entries, "tail_content": ""}


def _article(news: News) -> dict[str, str]:
    return {
        "title": news.title,
        "description": news.description,
        "url": news.url,
        "picurl": news.picture_url,
    }
