"""What an account says on its own, and what it is told of events that no customer sees."""

from __future__ import annotations

from engine.relay import events, messages, windows
from engine.relay.contacts import Contact
from engine.relay.content import Content
from engine.relay.delivery import Deliveries
from engine.relay.journal import Journal
from engine.relay.live import Live
from engine.relay.messages import Direction, Status
from engine.relay.typing import Typists


class Speaking:
    """The accounts' side of all chats."""

    def __init__(
        self, journal: Journal, deliveries: Deliveries, *, live: Live, typists: Typists
    ) -> None:
        self._journal = journal
        self._deliveries = deliveries
        self._live = live
        self._typists = typists

    async def show(self, contact: Contact, content: Content) -> None:
        """Show what an account says on its own. Raises `ApiError` outside the reply windows."""
        async with self._journal.changing() as (connection, told):
            await windows.check(connection, contact, now=self._journal.milliseconds)
            told.append(await self._journal.put_down(connection, contact, content))

    async def notify(self, contact: Contact, content: Content, *, nonce: str) -> int:
        """Show a notice of an account, which no window holds back, and tell it that it was shown;
        its id. The same nonce again is the same notice.
        """
        async with self._journal.changing() as (connection, told):
            kept = await messages.by_nonce(connection, terminal=contact.terminal, nonce=nonce)
            if kept:
                return kept.id
            shown = await self._journal.put_down(connection, contact, content, nonce=nonce)
            told.append(shown)
        await self.tell(contact, events.template_sent(shown.id))
        return shown.id

    async def tell(self, contact: Contact, event: Content) -> None:
        """Tell an account of an event that its customer does not see."""
        async with self._journal.changing() as (connection, _):
            message = await messages.put(
                connection,
                account=contact.account,
                terminal=contact.terminal,
                direction=Direction.SILENT,
                content=event,
                at=self._journal.milliseconds,
                status=Status.SENDING,
            )
        self._deliveries.begin(message, contact.openid)

    async def type(self, contact: Contact, command: str) -> None:
        """Show, or show no longer, that an account is typing. Raises `ApiError`."""
        async with self._journal.database.reading() as connection:
            written, answered = [
                await messages.last(
                    connection,
                    account=contact.account,
                    terminal=contact.terminal,
                    direction=direction,
                )
                for direction in (Direction.UP, Direction.DOWN)
            ]
        moments = {"written": written / 1000, "answered": answered / 1000}
        news = self._typists.command(contact, command, **moments)
        self._live.tell(contact.terminal, news)
