"""What the platform pushes, as `Inbound`: every message and event of an Official Account."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from engine.channels.wechat.errors import Malformed
from engine.channels.wechat.xml import Fields
from engine.message import Inbound, Kind

#: The platform's days and hours, also where no time zone database is installed.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

#: Longer keys end in a digest: an EventKey may be a whole URL.
KEY_LENGTH = 200

_KINDS: Mapping[str, Kind] = {
    "text": Kind.TEXT,
    "voice": Kind.VOICE,
    "image": Kind.IMAGE,
    "video": Kind.VIDEO,
    "shortvideo": Kind.VIDEO,
    "location": Kind.LOCATION,
    "link": Kind.LINK,
}
#: Recognition is empty in practice: the platform has withdrawn it. Where it is not, it is a hint.
_WORDS: Mapping[Kind, str] = {
    Kind.TEXT: "Content",
    Kind.VOICE: "Recognition",
    Kind.LOCATION: "Label",
    Kind.LINK: "Title",
}
#: Stickers and what else the platform does not hand over come as a text that begins with this.
_UNSUPPORTED = re.compile(r"[\[【]收到不支持的消息类型")

#: Events by which the customer asks for something; the EventKey says for what.
_CHOICES = frozenset({"scan", "click", "scancode_push", "scancode_waitmsg"})

#: The event that tells what became of a template message; its text is the outcome.
OUTCOME = "templatesendjobfinish"

#: The platform's own desk takes a customer, and lets them go.
_DESK = frozenset({"kf_create_session", "kf_close_session"})

#: The scene of a QR code comes with this prefix when the customer was not a follower yet.
_SCENE = "qrscene_"


def read(fields: Fields, *, account: str) -> Inbound:
    """One push as `Inbound`; an unknown MsgType has `Kind.OTHER`. Raises `Malformed`."""
    type_ = fields.required("MsgType").lower()
    if type_ == "event":
        return _event(fields, account)
    kind = _KINDS.get(type_, Kind.OTHER)
    _check(fields, kind)
    text = fields.text(_WORDS.get(kind, "Content"))
    if kind is Kind.TEXT and _UNSUPPORTED.match(text):
        # Mostly a sticker: a picture without words, like the others.
        kind, text = Kind.IMAGE, ""
    return Inbound(
        account=account,
        openid=_openid(fields),
        key=_key(account, fields, fields.text("MsgId").strip()),
        at=_at(fields),
        kind=kind,
        text=text,
        payload=fields.text("bizmsgmenuid"),
        media_id=fields.text("MediaId").strip(),
        media_id_16k=fields.text("MediaId16K").strip(),
    )


def wants_turn(inbound: Inbound) -> bool:
    """Whether the customer said something, or came or left; all else is only acknowledged."""
    if inbound.kind is Kind.EVENT:
        return inbound.event in _CHOICES | _DESK | {"subscribe", "unsubscribe"}
    return inbound.kind is not Kind.OTHER


def _event(fields: Fields, account: str) -> Inbound:
    name = fields.required("Event")
    event, key = name.lower(), fields.text("EventKey")
    return Inbound(
        account=account,
        openid=_openid(fields),
        key=_key(account, fields, event, key),
        at=_at(fields),
        kind=Kind.EVENT,
        text=fields.text("ScanCodeInfo/ScanResult") or fields.text("Status"),
        payload=_payload(event, fields.text("MsgID").strip() if event == OUTCOME else key),
        event=event,
    )


def _payload(event: str, key: str) -> str:
    if event == "subscribe":
        return key.removeprefix(_SCENE) if key.startswith(_SCENE) else ""
    return key if event in _CHOICES or event == OUTCOME else ""


def _check(fields: Fields, kind: Kind) -> None:
    if kind is Kind.OTHER:
        return
    fields.required("MsgId")
    if kind is Kind.TEXT and not fields.has("Content"):
        raise Malformed("Content is missing")
    if kind is Kind.VOICE:
        fields.required("MediaId")


def _openid(fields: Fields) -> str:
    openid = fields.required("FromUserName")
    if len(openid) > 128 or not openid.isprintable() or " " in openid:
        raise Malformed("FromUserName is not an openid")
    return openid


def _at(fields: Fields) -> datetime:
    seconds = fields.required("CreateTime")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11):
        raise Malformed("CreateTime is not in seconds")
    return datetime.fromtimestamp(int(seconds), SHANGHAI)


def _key(account: str, fields: Fields, *rest: str) -> str:
    """Equal for every delivery of one message and for nothing else.

    MsgId alone has collided between users in the field, and so have two events of one second.
    No part but the last can hold a space, so the parts stay apart.
    """
    parts = (account, fields.text("FromUserName").strip(), fields.text("CreateTime").strip(), *rest)
    key = " ".join(parts)
    if len(key) <= KEY_LENGTH:
        return key
    return f"{account} {hashlib.sha256(key.encode()).hexdigest()}"
