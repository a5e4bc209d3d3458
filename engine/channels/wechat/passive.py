"""A passive reply: the XML that answers a push in the same response."""

from __future__ import annotations

from datetime import datetime

from engine.channels.wechat.messages import Image, News, Passive, Text, Transfer
from engine.channels.wechat.xml import cdata

#: The response that says nothing to the customer and ends the platform's repeats.
SUCCESS = "success"


def render(message: Passive, *, openid: str, account_id: str, now: datetime) -> str:
    """The XML of a reply from the account ``account_id`` to ``openid``."""
    return (
        f"<xml><ToUserName>{cdata(openid)}</ToUserName>"
        f"<FromUserName>{cdata(account_id)}</FromUserName>"
        f"<CreateTime>{int(now.timestamp())}</CreateTime>"
        f"{_content(message)}</xml>"
    )


def _content(message: Passive) -> str:
    match message:
        case Text(content):
            return f"{_type('text')}<Content>{cdata(content)}</Content>"
        case Transfer():
            return _type("transfer_customer_service")
        case Image(media_id):
            return f"{_type('image')}<Image><MediaId>{cdata(media_id)}</MediaId></Image>"
        case News():
            return (
                f"{_type('news')}<ArticleCount>1</ArticleCount>"
                f"<Articles>{_article(message)}</Articles>"
            )


def _type(name: str) -> str:
    return f"<MsgType>{cdata(name)}</MsgType>"


def _article(news: News) -> str:
    return (
        f"<item><Title>{cdata(news.title)}</Title>"
        f"<Description>{cdata(news.description)}</Description>"
        f"<PicUrl>{cdata(news.picture_url)}</PicUrl>"
        f"<Url>{cdata(news.url)}</Url></item>"
    )
