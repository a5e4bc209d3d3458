"""The choices that a phone shows last: a number that is sent back stands for one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from engine.channels.sms.texts import chosen
from engine.message import Button, Inbound, Reply
from engine.store import Store, choices

_decoder: msgspec.json.Decoder[tuple[Button, ...]] = msgspec.json.Decoder(tuple[Button, ...])


async def note(
    store: Store, replies: Sequence[Reply], *, account: str, openid: str, now: datetime
) -> None:
    """Keep the choices of what is sent to a phone, perhaps none, in place of those before."""
    buttons = next((each.buttons for each in reversed(replies) if each.buttons), ())
    noted = msgspec.json.encode(buttons)
    await choices.put(store, account=account, openid=openid, buttons=noted, now=now)


async def meant(store: Store, inbound: Inbound) -> Inbound:
    """The message as the tap that it stands for, if it is the number of a choice."""
    if not inbound.text.strip()[:1].isdigit():
        return inbound
    async with store.reading() as connection:
        noted = await choices.get(connection, account=inbound.account, openid=inbound.openid)
    choice = chosen(_decoder.decode(noted), inbound.text) if noted else None
    if choice is None:
        return inbound
    return msgspec.structs.replace(inbound, text=choice.label, payload=choice.payload)
