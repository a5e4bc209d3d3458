"""Short messages of customers: each taken once, its answer put into the outbox once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

import msgspec

from engine import late
from engine.channels.asking import BUDGET, Asking
from engine.channels.sms import shown, wire
from engine.channels.sms.account import SmsAccount
from engine.channels.sms.errors import InWork, UnknownNumber
from engine.channels.sms.wire import Message
from engine.limits import Limits
from engine.message import SILENCE, Inbound, Kind, Reply
from engine.store import Store, asked
from engine.store.outbox import MARK

SILENCED = "已为您退订全部提醒，不会再发送。需要时可以随时再订阅。"

#: What carriers and customers take for the end of every subscription, at once and unasked.
_STOPS = frozenset({"td", "t", "r", "退订", "全部退订", "拒收", "stop", "stopall", "unsubscribe"})


def wants_silence(text: str) -> bool:
    """Whether a message, as a whole, ends every subscription."""
    return re.sub(r"[\W_]", "", text).casefold() in _STOPS


class Takes(Protocol):
    """The engine's side: a message in, what to say out."""

    async def take(self, inbound: Inbound) -> tuple[Reply, ...]:
        """The replies to a message; a repeat gets the same ones."""


class Numbers:
    """Takes the messages of all accounts that phones reach through a gateway."""

    def __init__(
        self,
        accounts: Mapping[str, SmsAccount],
        turns: Mapping[str, Takes],
        store: Store,
        *,
        clock: Callable[[], datetime],
        limits: Limits | None = None,
        budget: float = BUDGET,
    ) -> None:
        self._accounts = accounts
        self._turns = turns
        self._store = store
        self._clock = clock
        self._asking: Asking[None] = Asking(store, clock=clock, limits=limits, budget=budget)

    async def receive(self, name: str, head: Mapping[str, str], body: bytes) -> None:
        """Return when the message is done and its answer kept. Raises `Problem`."""
        account = self._accounts.get(name)
        if account is None:
            raise UnknownNumber("no such account")
        wire.verify(account, head.get(account.header, ""), body)
        message = wire.read(account, head.get("content-type", ""), body)
        if await self._asking.kept(name, message) is not None:
            return
        work = await self._asking.work(name, message, lambda: self._answer(name, message))
        if not work.done():
            raise InWork("not done yet; send it again")
        work.result()

    async def finish(self) -> None:
        """Wait for the work in hand, but not for ever."""
        await self._asking.finish()

    async def _answer(self, account: str, message: Message) -> None:
        now = self._clock()
        key = f"{account}:sms:{message.id}"
        inbound = Inbound(
            account=account, openid=message.customer, key=key, at=now, text=message.text
        )
        if wants_silence(message.text):
            inbound = msgspec.structs.replace(inbound, kind=Kind.EVENT, event=SILENCE)
        else:
            inbound = await shown.meant(self._store, inbound)
        replies = await self._turns[account].take(inbound)
        if inbound.event == SILENCE:
            replies = replies or (Reply(text=SILENCED),)
        async with self._store.writing() as connection:
            # Of two processes that answered the same, the first puts it there.
            if await asked.answer(connection, account=account, id=message.id, answer=MARK):
                await late.put(
                    connection, replies, account=account, openid=message.customer, due=now
                )
        self._store.bell.ring()
