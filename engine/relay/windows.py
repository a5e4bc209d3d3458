"""When an account may write to a customer on its own: the platform's reply windows.

What a customer does opens a window of some customer-service messages for some time (the platform's
page "customer messages"). How windows add up is not documented; here a message needs room in one
open window, and counts in every window that is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay.contacts import Contact
from engine.relay.errors import ApiError
from engine.relay.messages import Direction
from engine.relay.schema import messages

_KIND = messages.c.content["kind"].as_string()
_EVENT = messages.c.content["event"].as_string()
_IS_EVENT = _KIND == "event"

#: Events of menu entries that open a window.
_TAPPED = ("CLICK", "scancode_push", "scancode_waitmsg")


@dataclass(frozen=True, slots=True)
class Window:
    """After what (an SQL condition), how many messages, for how many milliseconds."""

    opens: Any
    messages: int
    milliseconds: int


#: The last action of each kind counts; an event that is not named here opens nothing.
WINDOWS = (
    Window(_KIND != "event", 5, 48 * 3600 * 1000),
    Window(_IS_EVENT & _EVENT.in_(_TAPPED), 3, 60 * 1000),
    Window(_IS_EVENT & (_EVENT == "subscribe"), 3, 60 * 1000),
    Window(_IS_EVENT & (_EVENT == "SCAN"), 3, 60 * 1000),
)


async def check(connection: AsyncConnection, contact: Contact, *, now: int) -> None:
    """Raise `ApiError` when the customer may not be written to: 45015, and 45047 for too many."""
    rooms = [await _room(connection, contact, window, now=now) for window in WINDOWS]
    opened = [room for room in rooms if room is not None]
    if not opened:
        raise ApiError(45015, "response out of time limit or subscription is canceled")
    if max(opened) <= 0:
        raise ApiError(45047, "out of response count limit")


async def _room(
    connection: AsyncConnection, contact: Contact, window: Window, *, now: int
) -> int | None:
    """How many messages a window has left; None when it is shut."""
    chat = (messages.c.account == contact.account) & (messages.c.terminal == contact.terminal)
    action = select(func.max(messages.c.id)).where(chat, messages.c.direction == Direction.UP)
    action = action.where(window.opens, messages.c.at > now - window.milliseconds)
    last = await connection.scalar(action)
    if last is None:
        return None
    sent = select(func.count()).where(chat, messages.c.direction == Direction.DOWN)
    # An answer to a push names what it answers; what the account says on its own does not.
    sent = sent.where(messages.c.id > last, messages.c.content["answers"].as_integer().is_(None))
    return window.messages - int(await connection.scalar(sent) or 0)
