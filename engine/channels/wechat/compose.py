"""Replies as messages of the platform: one passive reply now, or as many as they need later."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from msgspec.structs import replace

from engine.channels.wechat.messages import Menu, Message, News, Passive, Text, Transfer
from engine.channels.wechat.words import LIMIT, links, shorten, size, split
from engine.message import Button, Picture, Reply

#: Over choices that could not stand under their own words.
CHOOSE = "请点选，或直接回复："

#: An article shows about this much of a title; the rest is told in its description.
TITLE = 64

#: Pictures on which something can be chosen, and where on this provider.
PAGES = {"seat_map": "seats"}

#: Bytes of links that leave room for the words above them; choices beyond are named without a link.
LINKS = 1400


class Composer:
    """Makes messages for accounts of the provider that is reached at ``public_url``.

    With ``images`` a picture that leads nowhere is an image of the chat where it can follow the
    words; else every picture is an article.
    """

    def __init__(self, public_url: str, *, images: bool = False) -> None:
        self._public_url = public_url
        self._images = images

    def passive(
        self, replies: Sequence[Reply], *, follows: bool
    ) -> tuple[Passive | None, tuple[Reply, ...]]:
        """The one message that answers the request, and the replies that must follow it.

        ``follows`` says whether messages can follow at all: an account that is not verified has
        only this one, so everything goes into it, shortened where it must be.
        """
        if not replies:
            return None, ()
        replies = self._linked(replies)
        if any(reply.transfer for reply in replies):
            return Transfer(), singles(replies) if follows else ()
        if not follows:
            return self._all_in_one(replies), ()
        if self._images:
            replies = tuple(part for reply in replies for part in self._with_image(reply))
            if self.is_image(replies[0]):
                # It may have to be uploaded first.
                return None, singles(replies)
        if _is_pictured(replies[0]):
            card, *rest = singles(replies)
            return self._news(card.text, card), tuple(rest)
        spoken = tuple(takewhile(lambda reply: not _is_pictured(reply), replies))
        first, *parts = _joined([part for reply in spoken for part in _parts(reply)])
        return Text(first), (*(Reply(text=part) for part in parts), *replies[len(spoken) :])

    def singles(self, replies: Sequence[Reply]) -> tuple[Reply, ...]:
        """The same replies in pieces that are one customer-service message each."""
        linked = self._linked(replies)
        return singles([part for reply in linked for part in self._with_image(reply)])

    def message(self, reply: Reply) -> Message:
        """One of `singles` as a customer-service message; one that `is_image` as an article."""
        if _is_pictured(reply):
            return self._news(reply.text, reply)
        if reply.buttons:
            return Menu(_told(reply), reply.buttons)
        return Text(_told(reply))

    def words(self, reply: Reply) -> Text:
        """One of `singles` in words and links alone."""
        picture = reply.picture
        link = f'<a href="{self._address(picture)}">{picture.alt}</a>' if picture else ""
        parts = (_told(reply), link, links(reply.buttons))
        return Text("\n".join(filter(None, parts)))

    def is_image(self, reply: Reply) -> bool:
        """Whether one of `singles` is a picture alone, to be uploaded and shown in the chat."""
        return self._images and _is_pictured(reply) and not (reply.text or reply.link)

    def _with_image(self, reply: Reply) -> tuple[Reply, ...]:
        """A reply whose picture is to be an image, as its words, the image and the choices."""
        if not self._images or not _is_pictured(reply) or reply.link:
            return (reply,)
        told = (reply.heard, reply.text)
        words = (Reply(text="\n".join(filter(None, told))),) if any(told) else ()
        choices = (Reply(text=CHOOSE, buttons=reply.buttons),) if reply.buttons else ()
        return (*words, Reply(text="", picture=reply.picture), *choices)

    def _address(self, picture: Picture) -> str:
        return f"{self._public_url}/media/{picture.id}.png"

    def _linked(self, replies: Sequence[Reply]) -> tuple[Reply, ...]:
        """Links that lead to this provider, with its address."""
        return tuple(
            replace(reply, link=f"{self._public_url}{link}")
            if (link := _link(reply)).startswith("/")
            else reply
            for reply in replies
        )

    def _all_in_one(self, replies: Sequence[Reply]) -> Passive:
        pictured = next(filter(_is_pictured, replies), None)
        if pictured is None:
            return Text(_one_text(replies))
        told = [_with_labels(reply) for reply in replies]
        heard = next((reply.heard for reply in replies if reply.heard), "")
        return self._news("\n".join(filter(None, told)), replace(pictured, heard=heard))

    def _news(self, text: str, reply: Reply) -> News:
        alt = reply.picture.alt if reply.picture else ""
        title, _, description = (text.strip() or alt).partition("\n")
        if len(title) > TITLE:
            title, description = f"{title[: TITLE - 1]}…", text
        description = "\n".join(filter(None, (reply.heard, description.strip())))
        picture = self._address(reply.picture) if reply.picture else ""
        return News(title, shorten(description), picture, reply.link or picture)


def singles(replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """The same replies in pieces that are one customer-service message each.

    A bare transfer is none: it can only answer a request.
    """
    said = (reply for reply in replies if reply.text or not reply.transfer)
    return tuple(piece for reply in said for piece in _pieces(reply))


def _pieces(reply: Reply) -> tuple[Reply, ...]:
    if _is_pictured(reply):
        card = replace(reply, buttons=())
        return (card, Reply(text=CHOOSE, buttons=reply.buttons)) if reply.buttons else (card,)
    *parts, last = split(_told(reply))
    return (*(Reply(text=part) for part in parts), Reply(text=last, buttons=reply.buttons))


def _link(reply: Reply) -> str:
    """Where a reply leads: a picture that can be answered on a page of its own, to that page."""
    if not reply.link and reply.picture and reply.picture.id and reply.picture.kind in PAGES:
        return f"/{PAGES[reply.picture.kind]}/{reply.picture.id}"
    return reply.link


def _is_pictured(reply: Reply) -> bool:
    return reply.picture is not None and reply.picture.id != ""


def _told(reply: Reply) -> str:
    """The words of a reply, under what was heard.

    What cannot be shown or is elsewhere is said in words or as a link.
    """
    alt = reply.picture.alt if reply.picture and not reply.picture.id else ""
    link = f'<a href="{reply.link}">{reply.link}</a>' if reply.link else ""
    return "\n".join(filter(None, (reply.heard, reply.text, alt, link)))


def _parts(reply: Reply) -> list[str]:
    return _joined([*split(_told(reply)), _choices(reply.buttons)], seam="\n")


def _joined(parts: Sequence[str], *, seam: str = "\n\n") -> list[str]:
    """The same words in as few texts as the limit allows."""
    joined = [""]
    for part in filter(None, parts):
        longer = f"{joined[-1]}{seam}{part}" if joined[-1] else part
        if size(longer) <= LIMIT:
            joined[-1] = longer
        else:
            joined.append(part)
    return joined


def _one_text(replies: Sequence[Reply]) -> str:
    """Everything in one text: words give way to the choices of the last reply."""
    told = [_told(reply) for reply in replies]
    choices = [_choices(reply.buttons) for reply in replies]
    parts = [part for pair in zip(told, choices, strict=True) for part in pair if part]
    whole = "\n".join(parts)
    if size(whole) <= LIMIT:
        return whole
    tail = choices[-1]
    return "\n".join(filter(None, (shorten("\n".join(told), LIMIT - size(tail) - 1), tail)))


def _choices(buttons: Sequence[Button]) -> str:
    linked = links(buttons)
    return linked if size(linked) <= LINKS else shorten(_labels(buttons), LINKS)


def _with_labels(reply: Reply) -> str:
    return "\n".join(filter(None, (reply.text, _labels(reply.buttons))))


def _labels(buttons: Sequence[Button]) -> str:
    return "可回复：" + "、".join(button.label for button in buttons) if buttons else ""
