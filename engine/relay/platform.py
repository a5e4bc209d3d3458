"""Between terminals and providers: keeps each message, forwards it, shows the answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import aiohttp
import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay import contacts, media, messages, terminals
from engine.relay.accounts import Registered
from engine.relay.answer import Content, Question, articles_for
from engine.relay.contacts import Contact, openid_of
from engine.relay.database import Database
from engine.relay.errors import Refused
from engine.relay.forward import Forwarder, Patience, Try
from engine.relay.live import CONTACTS, Live
from engine.relay.messages import Direction, Message, Status
from engine.relay.push import MsgIds, Signer
from engine.relay.terminals import Terminal
from engine.relay.tokens import Tokens
from engine.relay.xml import Fields

OUT_OF_ORDER = "该公众号暂时无法提供服务，请稍后再试"

_log = structlog.get_logger("relay")


class Platform:
    """Everything that the relay's web pages and API stand on. `clock` gives seconds since 1970."""

    def __init__(
        self,
        *,
        registered: Mapping[str, Registered],
        database: Database,
        session: aiohttp.ClientSession,
        patience: Patience,
        clock: Callable[[], float],
    ) -> None:
        self.registered = registered
        self.database = database
        self.session = session
        self.live = Live()
        self.tokens = Tokens(clock)
        self._clock = clock
        self._forwarder = Forwarder(session, lambda: int(clock()), patience)
        self._signers = {
            name: Signer(each, lambda: int(clock())) for name, each in registered.items()
        }
        self._deliveries: set[asyncio.Task[None]] = set()
        self._told_in_order = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        registered: Mapping[str, Registered],
        file: Path,
        *,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.time,
    ) -> AsyncIterator[Self]:
        """Verify every provider, then take up what an earlier run left unfinished.

        Raises `Unverified` and `RelayError`.
        """
        database = await Database.open(file)
        try:
            async with aiohttp.ClientSession(auto_decompress=False) as session:
                platform = cls(
                    registered=registered,
                    database=database,
                    session=session,
                    patience=patience or Patience(),
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
        return int(self._clock() * 1000)

    def number(self, number: str) -> Registered:
        """The account with this number. Raises `Refused`."""
        found = (each for each in self.registered.values() if each.listing.number == number)
        if account := next(found, None):
            return account
        raise Refused("没有这个公众号，请核对账号", status=404)

    async def follow(self, terminal: Terminal, number: str) -> Registered:
        """Follow an account by its number; the account hears of it once. Raises `Refused`."""
        account = self.number(number)
        openid = openid_of(terminal, account_id=account.account.id, key=self._openids)
        content = Content("event", event="subscribe", text=f"你已关注「{account.listing.title}」")
        async with self._changing() as (connection, told):
            fresh = await contacts.follow(
                connection,
                account=account.name,
                terminal=terminal.id,
                openid=openid,
                now=self.milliseconds,
            )
            if not fresh:
                return account
            message = await self._put_up(connection, account, terminal, content)
            told.append(message)
        self.live.tell(terminal.id, CONTACTS)
        self._deliver_soon(message, openid)
        return account

    async def unfollow(self, terminal: Terminal, account: Registered) -> None:
        """Stop following; the account hears of it, and the chat is gone for the terminal."""
        content = Content("event", event="unsubscribe")
        async with self._changing() as (connection, _):
            message = await self._put_up(connection, account, terminal, content)
            contact = await contacts.unfollow(
                connection, account=account.name, terminal=terminal.id
            )
            if contact is None:
                raise Refused("你没有关注这个公众号", status=409)
        self.live.tell(terminal.id, CONTACTS)
        self._deliver_soon(message, contact.openid)

    async def send(
        self, terminal: Terminal, account: Registered, content: Content, *, nonce: str
    ) -> Message:
        """Keep a terminal's message and forward it; the same nonce again is the same message.

        Raises `Refused` when the terminal does not follow the account.
        """
        contact = await self.contact(account, terminal=terminal.id)
        if contact is None or not contact.followed:
            raise Refused("请先关注这个公众号", status=409)
        try:
            async with self._changing() as (connection, told):
                message = await self._put_up(connection, account, terminal, content, nonce)
                told.append(message)
        except IntegrityError:
            async with self.database.reading() as connection:
                kept = await messages.by_nonce(connection, terminal=terminal.id, nonce=nonce)
            if kept is None:
                raise
            return kept
        self._deliver_soon(message, contact.openid)
        return message

    async def show(self, contact: Contact, content: Content) -> None:
        """Show what an account says on its own."""
        async with self._changing() as (connection, told):
            told.append(await self._put_down(connection, contact, content))

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
        for message in left:
            account = self.registered.get(message.account)
            contact = account and await self.contact(account, terminal=message.terminal)
            if contact:
                self._deliver_soon(message, contact.openid)

    async def _stop(self) -> None:
        self.live.close()
        for delivery in self._deliveries:
            delivery.cancel()
        await asyncio.gather(*self._deliveries, return_exceptions=True)

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[tuple[AsyncConnection, list[Message]]]:
        """A transaction, and the messages to tell after it: pages hear of revisions in order."""
        told: list[Message] = []
        async with self._told_in_order:
            async with self.database.writing() as connection:
                yield connection, told
            for message in told:
                self.live.tell(message.terminal, message)

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

    async def _put_down(
        self, connection: AsyncConnection, contact: Contact, content: Content
    ) -> Message:
        return await messages.put(
            connection,
            account=contact.account,
            terminal=contact.terminal,
            direction=Direction.NOTICE if content.kind == "notice" else Direction.DOWN,
            content=content,
            at=self.milliseconds,
        )

    def _deliver_soon(self, message: Message, openid: str) -> None:
        delivery: Coroutine[Any, Any, None] = self._deliver(message, openid)
        task = asyncio.create_task(delivery)
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)

    async def _deliver(self, message: Message, openid: str) -> None:
        account = self.registered[message.account]
        fields = fields_of(message, account=account, openid=openid)
        question = Question(account, openid, articles_for(str(fields["MsgType"])))
        tries = self._forwarder.deliver(self._signers[account.name], question, fields)
        async for done in tries:
            _report(message, done)
            if done.again and done.number < self._forwarder.patience.tries:
                await self._retrying(message, done)
            else:
                await self._finish(message, done)

    async def _retrying(self, message: Message, done: Try) -> None:
        async with self._changing() as (connection, told):
            await messages.note(connection, message.id, done, at=self.milliseconds)
            told.append(await messages.mark(connection, message.id, Status.RETRYING))

    async def _finish(self, message: Message, done: Try) -> None:
        content = done.content
        status = Status.FAILED if done.problem else Status.SENT
        if content and content.media and not await self._has_medium(message, content.media):
            _log.warning("bad answer", message=message.id, problem="no such MediaId")
            content, status = None, Status.FAILED
        if status is Status.FAILED:
            content = Content("notice", text=OUT_OF_ORDER)
        async with self._changing() as (connection, told):
            await messages.note(connection, message.id, done, at=self.milliseconds)
            told.append(await messages.mark(connection, message.id, status))
            contact = await contacts.find(
                connection, account=message.account, terminal=message.terminal
            )
            if content and contact and contact.followed:
                told.append(await self._put_down(connection, contact, content))

    async def _has_medium(self, message: Message, id: str) -> bool:
        async with self.database.reading() as connection:
            kept = await media.find(connection, id, account=message.account, now=self.milliseconds)
        return kept is not None


def fields_of(message: Message, *, account: Registered, openid: str) -> Fields:
    """A message as the platform's XML names it; equal for every try."""
    content = message.content
    fields: dict[str, str | int] = {
        "ToUserName": account.account.id,
        "FromUserName": openid,
        "CreateTime": message.at // 1000,
        "MsgType": content.kind,
    }
    if content.kind == "event":
        return fields | {"Event": content.event, "EventKey": content.key}
    fields |= {"Content": content.text, "MsgId": message.msg_id or 0}
    return fields | ({"bizmsgmenuid": content.choice} if content.choice else {})


def _report(message: Message, done: Try) -> None:
    log = _log.warning if done.problem else _log.info
    log(
        "try",
        account=message.account,
        message=message.id,
        msg_id=message.msg_id,
        number=done.number,
        milliseconds=done.milliseconds,
        http_status=done.http_status,
        **({"problem": done.problem} if done.problem else {}),
    )
