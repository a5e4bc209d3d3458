"""A message on its way to its provider, until its answer, or that there is none, is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from msgspec.structs import replace

from engine.relay import contacts, media, messages
from engine.relay.accounts import Registered
from engine.relay.answer import Question, articles_for
from engine.relay.content import Content
from engine.relay.forward import Forwarder, Try
from engine.relay.journal import Journal
from engine.relay.messages import Direction, Message, Status
from engine.relay.push import Signer
from engine.relay.voice.studio import Studio
from engine.relay.xml import Fields, Value

OUT_OF_ORDER = "该公众号暂时无法提供服务，请稍后再试"

_log = structlog.get_logger("relay")


class Deliveries:
    """Every delivery under way. The platform does not wait for one before it begins the next."""

    def __init__(
        self,
        journal: Journal,
        forwarder: Forwarder,
        signers: Mapping[str, Signer],
        studio: Studio,
    ) -> None:
        self._journal = journal
        self._forwarder = forwarder
        self._signers = signers
        self._studio = studio
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, message: Message, openid: str, *, made: int = 0) -> None:
        """Deliver a message that is kept; `made` tries of it were finished before a restart."""
        task = asyncio.create_task(self._deliver(message, openid, made))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Cut off what is under way; the messages stay as they are, for the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, message: Message, openid: str, made: int) -> None:
        signer = self._signers[message.account]
        fields = fields_of(message, account=signer.registered, openid=openid)
        question = Question(signer.registered, openid, articles_for(str(fields["MsgType"])))
        async for done in self._forwarder.deliver(signer, question, fields, made=made):
            _report(message, done)
            if done.again and done.number < self._forwarder.patience.tries:
                await self._retrying(message, done)
            else:
                await self._finish(message, done)

    async def _retrying(self, message: Message, done: Try) -> None:
        async with self._journal.changing() as (connection, told):
            await messages.note(connection, message.id, done, at=self._journal.milliseconds)
            told.append(await messages.mark(connection, message.id, Status.RETRYING))

    async def _finish(self, message: Message, done: Try) -> None:
        content, direction = done.content, Direction.DOWN
        failed = bool(done.problem)
        is_silent = message.direction is Direction.SILENT
        if content and content.media:
            content = await self._with_medium(message, content)
            failed = content is None
        if content:
            content = replace(content, answers=message.id)
        if is_silent:
            # The platform shows no answer to these events, nor that there is none.
            content = None
        elif failed:
            content, direction = Content("notice", text=OUT_OF_ORDER), Direction.NOTICE
        async with self._journal.changing() as (connection, told):
            await messages.note(connection, message.id, done, at=self._journal.milliseconds)
            status = Status.FAILED if failed else Status.SENT
            told.append(await messages.mark(connection, message.id, status))
            contact = await contacts.find(
                connection, account=message.account, terminal=message.terminal
            )
            if content and contact and contact.followed:
                put = self._journal.put_down(connection, contact, content, direction=direction)
                told.append(await put)

    async def _with_medium(self, message: Message, content: Content) -> Content | None:
        """An answer that names a medium, when there is one; of a voice, how long it lasts."""
        async with self._journal.database.reading() as connection:
            kept = await media.find(
                connection, content.media, account=message.account, now=self._journal.milliseconds
            )
        if kept is None or kept.type != content.kind:
            _log.warning("bad answer", message=message.id, problem="no such MediaId")
            return None
        if kept.type == "voice":
            return replace(content, seconds=await self._studio.seconds(kept.data))
        return content


def fields_of(message: Message, *, account: Registered, openid: str) -> Fields:
    """A message as the platform's XML names it; equal for every try."""
    content = message.content
    fields: dict[str, Value] = {
        "ToUserName": account.account.id,
        "FromUserName": openid,
        "CreateTime": message.at // 1000,
        "MsgType": content.kind,
    }
    if content.kind == "event":
        return fields | {"Event": content.event} | content.fields
    fields |= _own(content) | content.fields | {"MsgId": message.msg_id or 0}
    # There is no recognition any more, but its element is still sent.
    return fields | ({"Recognition": ""} if content.kind == "voice" else {})


def _own(content: Content) -> dict[str, Value]:
    """The elements of a kind that follow from what it shows."""
    if content.kind == "voice":
        return {"MediaId": content.media, "Format": "amr", "MediaId16K": content.media_16k}
    if content.kind in {"image", "video"}:
        return {"MediaId": content.media}
    if content.kind != "text":
        return {}
    chosen: dict[str, Value] = {"bizmsgmenuid": content.choice} if content.choice else {}
    return {"Content": content.text, **chosen}


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
