"""What a provider answers to a push: checked as the platform does, and what customers see of it."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from engine.channels.wechat.crypto import Cipher, CryptoError, is_signed, msg_signature
from engine.relay import xml
from engine.relay.accounts import Registered
from engine.relay.content import Article, Content
from engine.relay.errors import BadAnswer
from engine.settings import Mode

#: Later than any second since 1970 that this relay will see, earlier than any millisecond of now.
_SECONDS_LIMIT = 100_000_000_000

_ARTICLES = 8

#: Answers that hand the customer over and show nothing.
_HAND_OVER = {"transfer_customer_service", "transfer_biz_ai_ivr"}

#: Answers that are one medium, and the element that holds its id.
_MEDIA = {"image": "Image", "voice": "Voice", "video": "Video"}


@dataclass(frozen=True, slots=True)
class Question:
    """What an answer must fit: whose it is, and how many articles it may hold."""

    registered: Registered
    openid: str
    articles: int


def articles_for(msg_type: str) -> int:
    """How many articles may answer a message: one to a message, eight to an event."""
    return _ARTICLES if msg_type == "event" else 1


def parse(body: bytes, question: Question) -> Content | None:
    """What the customer sees of an answer; None when it says nothing. Raises `BadAnswer`."""
    if body.strip() in {b"", b"success"}:
        return None
    root = _opened(xml.read(body), question.registered)
    _check_envelope(root, question)
    kind = xml.text(root, "MsgType").lower()
    if kind in _HAND_OVER:
        return None
    if kind == "text":
        return Content("text", text=_filled(root, "Content"))
    if kind in _MEDIA:
        return Content(kind, media=_filled(_child(root, _MEDIA[kind]), "MediaId"))
    if kind == "news":
        return Content("news", articles=_articles(root, question.articles))
    if kind == "music":
        return Content("news", articles=(_song(_child(root, "Music")),))
    raise BadAnswer(f"MsgType is {kind!r}")


def _opened(root: Element, registered: Registered) -> Element:
    """The clear answer, decrypted where it is encrypted."""
    account = registered.account
    if root.find("Encrypt") is None:
        if account.mode is Mode.SAFE:
            raise BadAnswer("the answer is clear, but the account is in safe mode")
        return root
    if not registered.encrypts:
        raise BadAnswer("the answer is encrypted, but the account is in plain mode")
    encrypted = xml.text(root, "Encrypt")
    timestamp, nonce = xml.text(root, "TimeStamp"), xml.text(root, "Nonce")
    expected = msg_signature(account.token, timestamp, nonce, encrypted)
    if not is_signed(xml.text(root, "MsgSignature"), expected):
        raise BadAnswer("MsgSignature is wrong")
    try:
        return xml.read(Cipher(account.aes_key, account.appid).decrypt(encrypted))
    except CryptoError as error:
        raise BadAnswer(f"cannot be decrypted: {error}") from error


def _check_envelope(root: Element, question: Question) -> None:
    if xml.text(root, "ToUserName") != question.openid:
        raise BadAnswer("ToUserName is not the openid of the customer")
    if xml.text(root, "FromUserName") != question.registered.account.id:
        raise BadAnswer("FromUserName is not the id of the account")
    created = xml.text(root, "CreateTime").strip()
    if not created.isdecimal() or int(created) > _SECONDS_LIMIT:
        raise BadAnswer(f"CreateTime is not in whole seconds: {created!r}")


def _articles(root: Element, limit: int) -> tuple[Article, ...]:
    count = xml.text(root, "ArticleCount").strip()
    items = _child(root, "Articles").findall("item")
    if not items or count != str(len(items)):
        raise BadAnswer(f"ArticleCount is {count!r} with {len(items)} items")
    return tuple(
        Article(
            title=item.findtext("Title") or "",
            description=item.findtext("Description") or "",
            picture=(item.findtext("PicUrl") or "").strip(),
            url=(item.findtext("Url") or "").strip(),
        )
        for item in items[:limit]
    )


def _song(music: Element) -> Article:
    """A piece of music as a card that leads to it."""
    title, description, url = (
        (music.findtext(name) or "").strip() for name in ("Title", "Description", "MusicUrl")
    )
    return Article(title or "音乐", description, "", url)


def _child(parent: Element, name: str) -> Element:
    child = parent.find(name)
    if child is None:
        raise BadAnswer(f"<{name}> is missing in <{parent.tag}>")
    return child


def _filled(parent: Element, name: str) -> str:
    value = xml.text(parent, name)
    if not value.strip():
        raise BadAnswer(f"<{name}> is empty")
    return value
