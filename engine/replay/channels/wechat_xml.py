"""What a platform pushes for a message of a transcript, and what its customer sees of answers."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from engine.channels.wechat.crypto import signature
from engine.channels.wechat.xml import cdata, parse
from engine.message import Button, Inbound, Kind, Reply
from engine.replay.channels.carrier import Replies, link_of, picture_at
from engine.store import Store

_LINK = re.compile(r'<a href="([^"]*)">([^<]*)</a>\n?')
#: What was heard stands on a line of its own, and that line begins so.
_HEARD = re.compile(r"\A(听到：.*)(?:\n|\Z)")
_CHOICE = "weixin://bizmsgmenu"


def query(now: datetime, *, token: str) -> dict[str, str]:
    """The signed address of a push."""
    timestamp = str(int(now.timestamp()))
    return {"signature": signature(token, timestamp, "1"), "timestamp": timestamp, "nonce": "1"}


def push(inbound: Inbound, *, account: str) -> str:
    """A message as the platform pushes it; an event has no MsgId."""
    number = zlib.crc32(inbound.key.encode())
    fields = {"ToUserName": account, "FromUserName": inbound.openid}
    fields |= {"CreateTime": str(int(inbound.at.timestamp())), "MsgType": str(inbound.kind)}
    match inbound.kind:
        case Kind.EVENT:
            fields |= {"Event": inbound.event, "EventKey": _event_key(inbound)}
        case Kind.VOICE:
            fields |= {"MediaId": inbound.media_id, "Format": "amr", "MsgId": str(number)}
        case Kind.IMAGE:
            fields |= {"MediaId": inbound.media_id, "MsgId": str(number)}
        case _:
            fields |= {"Content": inbound.text, "MsgId": str(number)}
            fields |= {"bizmsgmenuid": inbound.payload} if inbound.payload else {}
    return (
        f"<xml>{''.join(f'<{name}>{cdata(text)}</{name}>' for name, text in fields.items())}</xml>"
    )


def _event_key(inbound: Inbound) -> str:
    is_scene = inbound.event == "subscribe" and inbound.payload
    return f"qrscene_{inbound.payload}" if is_scene else inbound.payload


async def answer(store: Store, xml: str) -> Replies:
    """A passive reply as the customer sees it."""
    fields = parse(xml.encode())
    if fields.text("MsgType") != "news":
        return (_text(fields.text("Content")),)
    names = ("Title", "Description", "PicUrl", "Url")
    return (await _card(store, *(fields.text(f"Articles/item/{name}") for name in names)),)


async def message(store: Store, sent: Mapping[str, Any]) -> Reply:
    """A customer-service message as the customer sees it."""
    content = sent[sent["msgtype"]]
    if sent["msgtype"] == "news":
        article = content["articles"][0]
        keys = ("title", "description", "picurl", "url")
        return await _card(store, *(article[key] for key in keys))
    if sent["msgtype"] == "msgmenu":
        buttons = tuple(Button(each["content"], each["id"]) for each in content["list"])
        return Reply(text=content["head_content"], buttons=buttons)
    return _text(content["content"])


def _text(content: str) -> Reply:
    """Words with the links in them apart: choices that can be tapped, and where the reply leads."""
    links = _LINK.findall(content)
    buttons = tuple(_choice(url) for url, _ in links if url.startswith(_CHOICE))
    others = [unescape(url) for url, _ in links if not url.startswith(_CHOICE)]
    heard, words = _heard(_LINK.sub("", content))
    link = link_of(others[0], None) if others else ""
    return Reply(text=words.strip("\n"), heard=heard, buttons=buttons, link=link)


async def _card(store: Store, title: str, description: str, picture_url: str, url: str) -> Reply:
    heard, description = _heard(description)
    picture = await picture_at(store, picture_url, "") if picture_url else None
    words = f"{title}\n{description}".strip("\n")
    return Reply(text=words, heard=heard, picture=picture, link=link_of(url, picture))


def _heard(words: str) -> tuple[str, str]:
    found = _HEARD.match(words)
    return (found[1], words[found.end() :]) if found else ("", words)


def _choice(url: str) -> Button:
    given = parse_qs(urlsplit(unescape(url)).query)
    return Button(given["msgmenucontent"][0], given["msgmenuid"][0])
