"""Between terminals and providers: keeps each message, forwards it, shows the answer."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

import aiohttp
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay import contacts, events, media, messages, terminals
from engine.relay.accounts import Registered
from engine.relay.contacts import Contact, openid_of
from engine.relay.content import Content
from engine.relay.database import Database
from engine.relay.delivery import Deliveries
from engine.relay.errors import Refused
from engine.relay.faults import NO_FAULTS, Faults, Switchboard
from engine.relay.forward import Forwarder, Patience, client
from engine.relay.journal import Journal
from engine.relay.live import CONTACTS, Live
from engine.relay.media import Medium
from engine.relay.messages import Direction, Message, Status
from engine.relay.push import MsgIds, Signer
from engine.relay.qrcodes import QrCode
from engine.relay.speaking import Speaking
from engine.relay.terminals import Terminal
from engine.relay.tokens import Tokens
from engine.relay.typing import Typists
from engine.relay.voice.studio import Studio


class Platform:
    """Everything that the relay's web pages and API stand on. `clock` gives seconds since 1970."""

    def __init__(
        self,
        *,
        registered: Mapping[str, Registered],
        database: Database,
        session: aiohttp.ClientSession,
        patience: Patience,
        faults: Faults,
        clock: Callable[[], float],
    ) -> None:
        self.registered = registered
        self.database = database
        self.session = session
        self.live = Live()
        self.tokens = Tokens(clock)
        self.studio = Studio()
        self._journal = Journal(database, self.live, clock)
        self.faults = Switchboard(faults)
        self._forwarder = Forwarder(session, lambda: int(clock()), patience, self.faults)
        self._signers = {
            name: Signer(each, lambda: int(clock())) for name, each in registered.items()
        }
        self._deliveries = Deliveries(self._journal, self._forwarder, self._signers, self.studio)
        self.speaking = Speaking(
            self._journal, self._deliveries, live=self.live, typists=Typists(clock)
        )

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        registered: Mapping[str, Registered],
        file: Path,
        *,
        patience: Patience | None = None,
        faults: Faults | None = None,
        clock: Callable[[], float] = time.time,
    ) -> AsyncIterator[Self]:
        """Verify every provider, then take up what an earlier run left unfinished.

        Raises `Unverified` and `RelayError`.
        """
        database = await Database.open(file)
        try:
            async with client() as session:
                platform = cls(
                    registered=registered,
                    database=database,
                    session=session,
                    patience=patience or Patience(),
                    faults=faults or NO_FAULTS,
                    clock=clock,
                )
                await platform._start()
                try:
                    yield platform
                finally:
                    await platform._stop()
        finally:
            await database.close()

    @property
    def milliseconds(self) -> int:
        """Now, since 1970."""
        return self._journal.milliseconds

    def number(self, number: str) -> Registered:
        """The account with this number. Raises `Refused`."""
        found = (each for each in self.registered.values() if each.listing.number == number)
        if account := next(found, None):
            return account
        raise Refused("没有这个公众号，请核对账号", status=404)

    def by_appid(self, appid: str) -> Registered | None:
        """The account with this AppID."""
        found = (each for each in self.registered.values() if each.account.appid == appid)
        return next(found, None)

    async def tell_followers(self, account: Registered) -> None:
        """Let every page of an account's followers load anew what it shows of it."""
        async with self.database.reading() as connection:
            found = await contacts.followers(connection, account.name)
        for contact in found:
            self.live.tell(contact.terminal, CONTACTS)

    async def follow(
        self, terminal: Terminal, account: Registered, *, code: QrCode | None = None
    ) -> bool:
        """Follow an account, perhaps by one of its QR codes; the account hears of it once.

        False when the terminal follows it already.
        """
        openid = openid_of(terminal, account_id=account.account.id, key=self._openids)
        scanned = {"scene": code.scene, "ticket": code.ticket} if code else {}
        content = events.subscribe(account.listing.title, **scanned)
        async with self._journal.changing() as (connection, told):
            fresh = await contacts.follow(
                connection,
                account=account.name,
                terminal=terminal.id,
                openid=openid,
                now=self.milliseconds,
            )
            if not fresh:
                return False
            message = await self._put_up(connection, account, terminal, content)
            told.append(message)
        self.live.tell(terminal.id, CONTACTS)
        self._deliveries.begin(message, openid)
        return True

    async def unfollow(self, terminal: Terminal, account: Registered) -> None:
        """Stop following; the account hears of it, and the chat is gone for the terminal."""
        async with self._journal.changing() as (connection, _):
            message = await self._put_up(connection, account, terminal, events.unsubscribe())
            contact = await contacts.unfollow(
                connection, account=account.name, terminal=terminal.id
            )
            if contact is None:
                raise Refused("你没有关注这个公众号", status=409)
        self.live.tell(terminal.id, CONTACTS)
        self._deliveries.begin(message, contact.openid)

    async def following(self, terminal: Terminal, account: Registered) -> Contact:
        """The contact of a terminal that follows an account. Raises `Refused`."""
        contact = await self.contact(account, terminal=terminal.id)
        if contact is None or not contact.followed:
            raise Refused("请先关注这个公众号", status=409)
        return contact

    async def sent(self, terminal: Terminal, nonce: str) -> Message | None:
        """The message that a terminal's page has sent under this name."""
        async with self.database.reading() as connection:
            return await messages.by_nonce(connection, terminal=terminal.id, nonce=nonce)

    async def send(
        self,
        terminal: Terminal,
        account: Registered,
        content: Content,
        *,
        nonce: str,
        attached: Iterable[Medium] = (),
    ) -> Message:
        """Keep a terminal's message with the media that it names, and forward it; the same nonce
        again is the same message.

        Raises `Refused` when the terminal does not follow the account.
        """
        contact = await self.following(terminal, account)
        try:
            async with self._journal.changing() as (connection, told):
                for medium in attached:
                    await media.put(connection, medium)
                message = await self._put_up(connection, account, terminal, content, nonce)
                told.append(message)
        except IntegrityError:
            if kept := await self.sent(terminal, nonce):
                return kept
            raise
        self._deliveries.begin(message, contact.openid)
        return message

    async def contact(
        self, account: Registered, *, terminal: int = 0, openid: str = ""
    ) -> Contact | None:
        """The contact of an account with a terminal, or with an openid."""
        async with self.database.reading() as connection:
            return await contacts.find(
                connection, account=account.name, terminal=terminal, openid=openid
            )

    async def _start(self) -> None:
        for signer in self._signers.values():
            await self._forwarder.verify(signer)
        self._openids = await self.database.secret("openids")
        self.cookies = terminals.Cookies(await self.database.secret("cookies"))
        async with self.database.reading() as connection:
            _, last = await messages.newest(connection)
            left = await messages.unfinished(connection)
        self._msg_ids = MsgIds(lambda: self.milliseconds, last=last)
        for message, made in left:
            account = self.registered.get(message.account)
            contact = account and await self.contact(account, terminal=message.terminal)
            if contact:
                self._deliveries.begin(message, contact.openid, made=made)

    async def _stop(self) -> None:
        self.live.close()
        await self._deliveries.stop()
        await self.studio.close()

    async def _put_up(
        self,
        connection: AsyncConnection,
        account: Registered,
        terminal: Terminal,
        content: Content,
        nonce: str = "",
    ) -> Message:
        return await messages.put(
            connection,
            account=account.name,
            terminal=terminal.id,
            direction=Direction.UP,
            content=content,
            at=self.milliseconds,
            status=Status.SENDING,
            nonce=nonce,
            msg_id=None if content.kind == "event" else self._msg_ids.next(),
        )
