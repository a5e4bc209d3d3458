"""What a turn leaves in the store, all of it in the turn's one transaction."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from engine import late
from engine.acting import Acting
from engine.dialog.moment.voice import Voice
from engine.message import Inbound, Kind, Reply
from engine.store import inbox, pictures
from engine.store.held import HELD


async def with_pictures(
    acting: Acting, inbound: Inbound, replies: tuple[Reply, ...], new_id: Callable[[], str]
) -> tuple[Reply, ...]:
    """The replies with an id for each new picture, under which its meaning is kept."""
    return tuple([await _with_picture(acting, inbound, reply, new_id) for reply in replies])


async def _with_picture(
    acting: Acting, inbound: Inbound, reply: Reply, new_id: Callable[[], str]
) -> Reply:
    picture = reply.picture
    if picture is None or picture.id:
        return reply
    picture = msgspec.structs.replace(picture, id=new_id())
    await pictures.put(
        await acting.writing(),
        id=picture.id,
        account=inbound.account,
        openid=inbound.openid,
        kind=picture.kind,
        model=picture.model,
        now=acting.now,
    )
    return msgspec.structs.replace(reply, picture=picture)


async def push(
    acting: Acting, inbound: Inbound, replies: tuple[Reply, ...], *, may_write: bool
) -> None:
    """Let what answers nobody leave on its own."""
    is_told = may_write or inbound.kind is not Kind.TIMER
    if not inbound.kind.is_pushed or not is_told:
        return
    is_notice = inbound.kind is Kind.NOTICE
    await late.put(
        await acting.writing(),
        replies,
        account=inbound.account,
        openid=inbound.openid,
        due=acting.now if may_write else HELD,
        notice=inbound.event if is_notice else "",
        facts=inbound.facts if is_notice else None,
    )


async def mark(
    acting: Acting,
    inbound: Inbound,
    replies: tuple[Reply, ...],
    *,
    heard: str,
    voice: Voice | None,
) -> None:
    """Keep the answer for every further delivery of the message."""
    await inbox.record(
        await acting.writing(),
        key=inbound.key,
        account=inbound.account,
        openid=inbound.openid,
        answer=msgspec.json.encode(replies),
        now=acting.now,
        heard=heard if voice else None,
        confidence=voice.confidence if voice else None,
    )
