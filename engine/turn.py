"""One message in, replies out: the path of a turn, in one transaction."""

from __future__ import annotations

import asyncio
import secrets
import weakref
from collections.abc import Callable
from contextlib import AsyncExitStack, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime

import msgspec
import structlog
from structlog.contextvars import bound_contextvars

from engine import keeping, recording
from engine.acting import Acting, Backends
from engine.dialog.dialog import Decision, decide
from engine.dialog.moment.expecting import expect
from engine.dialog.moment.voice import Voice
from engine.dialog.scripts.loading import Scripts
from engine.dialog.state.session import Session
from engine.hearing import Fetch, Hears
from engine.leaving import forget_customer, silence_customer
from engine.message import SILENCE, Inbound, Kind, Reply
from engine.meters import Meters, Stopwatch
from engine.mind import Mind, Understood, worded
from engine.nlu.interpreter import Interpreter
from engine.nlu.parse import Parse
from engine.store import AlreadyAnswered, Conflict, Store, inbox
from engine.store.conversation import Line
from engine.traces import turn_id

#: Two turns of one customer at once are rare and short; more clashes than this is a fault.
_TRIES = 8

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Turned:
    """A finished turn for those who look on: what came in, what it meant, what was decided.

    ``voice`` says how a voice message was heard.
    """

    inbound: Inbound
    parse: Parse
    decision: Decision
    replies: tuple[Reply, ...]
    voice: Voice | None = None


class Turns:
    """Takes the messages of one account. Time and ids are passed in; `watch` sees every turn.

    Without ``ears`` voice messages are answered with words that say so. ``may_write``: messages may
    be sent that answer nothing; where not, they wait for the customer's next message and nobody is
    reminded. ``elsewhere``: people of the company answer at the platform's own desk. ``meters``
    count what happens; without, nobody looks.
    """

    def __init__(
        self,
        store: Store,
        interpreter: Interpreter,
        scripts: Scripts,
        backends: Backends,
        *,
        clock: Callable[[], datetime],
        ears: Hears | None = None,
        new_id: Callable[[], str] = lambda: secrets.token_urlsafe(18),
        watch: Callable[[Turned], None] | None = None,
        may_write: bool = True,
        elsewhere: bool = False,
        meters: Meters | None = None,
    ) -> None:
        self._meters = meters or Meters()
        self._store = store
        self._mind = Mind(interpreter, scripts)
        self._backends = backends
        self._clock = clock
        self._ears = ears
        self._new_id = new_id
        self._watch = watch
        self._may_write = may_write
        self._elsewhere = elsewhere
        self._again: weakref.WeakValueDictionary[tuple[str, str], asyncio.Lock] = (
            weakref.WeakValueDictionary()
        )
        self._running: dict[str, asyncio.Task[tuple[Reply, ...]]] = {}

    @property
    def scripts(self) -> Scripts:
        """The scripts with which the next turn is taken."""
        return self._mind.scripts

    def change(self, interpreter: Interpreter, scripts: Scripts) -> None:
        """Take the next turns with these; running tasks keep the scripts that they began with."""
        self._mind = Mind(interpreter, scripts.after(self._mind.scripts))

    async def take(self, inbound: Inbound, fetch: Fetch | None = None) -> tuple[Reply, ...]:
        """The replies to a message; every delivery of the same message gets the same ones.

        ``fetch`` gives the recording of a voice message. A caller that gives up waiting does not
        end the turn: its repeat joins it.
        """
        running = self._running.get(inbound.key)
        if running is None:
            running = asyncio.create_task(self._answered(inbound, fetch))
            self._running[inbound.key] = running
            running.add_done_callback(lambda _: self._running.pop(inbound.key, None))
        return await asyncio.shield(running)

    async def _answered(self, inbound: Inbound, fetch: Fetch | None) -> tuple[Reply, ...]:
        with bound_contextvars(turn=turn_id(inbound.key)):
            if inbound.event == "unsubscribe":
                return await self._forgotten(inbound)
            if inbound.event == SILENCE:
                if self._backends.business.silencings or self.scripts.follow_anything:
                    return await self._silenced(inbound)
                inbound = msgspec.structs.replace(inbound, kind=Kind.TEXT, event="")
            try:
                return await self._decided(inbound, fetch)
            except AlreadyAnswered:
                return await self._stored(inbound.key)

    async def _stored(self, key: str) -> tuple[Reply, ...]:
        """The answer that was kept; a database that restarts right then is asked again."""
        for _ in range(_TRIES):
            with suppress(Conflict):
                async with self._store.reading() as reading:
                    stored = await inbox.answer_of(reading, key)
                return msgspec.json.decode(stored or b"[]", type=tuple[Reply, ...])
        raise Conflict(f"the answer was not to be read in {_TRIES} tries")

    async def _decided(self, inbound: Inbound, fetch: Fetch | None) -> tuple[Reply, ...]:
        """Raises `AlreadyAnswered`."""
        voice: Voice | None = None
        watch = Stopwatch()
        # Those who clashed go one by one: fifty messages at once would clash fifty times.
        queue = self._again.setdefault((inbound.account, inbound.openid), asyncio.Lock())
        for count in range(_TRIES):
            try:
                if inbound.kind is Kind.VOICE and voice is None:
                    with watch.stage("hear"):
                        voice = await self._listen(inbound, fetch)
                async with queue if count else nullcontext():
                    return await self._try(inbound, voice, watch)
            except Conflict:
                self._meters.clash()
        raise Conflict(f"the session kept moving through {_TRIES} tries")

    async def _listen(self, inbound: Inbound, fetch: Fetch | None) -> Voice:
        """Hear a voice message once, with no connection held. Raises `AlreadyAnswered`."""
        async with AsyncExitStack() as stack:
            acting, session = await self._open(inbound, stack)
            expected = expect(self._mind.scripts, session, await acting.member())
        voice = await self._mind.listen(
            inbound, expected, ears=self._ears, fetch=fetch, now=self._clock()
        )
        if voice.trouble:
            self._meters.unheard(voice.trouble)
        return voice

    async def _open(self, inbound: Inbound, stack: AsyncExitStack) -> tuple[Acting, Session]:
        """The business and the session of a message. Raises `AlreadyAnswered`."""
        reading = await stack.enter_async_context(self._store.reading())
        acting = Acting(
            self._store,
            self._backends,
            stack,
            reading=reading,
            account=inbound.account,
            openid=inbound.openid,
            message=inbound.key,
            now=self._clock(),
            new_id=self._new_id,
        )
        return acting, await acting.load()

    async def _try(
        self, inbound: Inbound, voice: Voice | None, watch: Stopwatch
    ) -> tuple[Reply, ...]:
        """Decide and keep everything in one transaction, or nothing of it.

        Raises `AlreadyAnswered`, and `Conflict` when another turn of the customer was first.
        """
        # One look: a change in the middle of a turn is for the next one.
        mind = self._mind
        async with AsyncExitStack() as stack:
            with watch.stage("load"):
                acting, session = await self._open(inbound, stack)
            inbound = worded(inbound, session)
            with watch.stage("understand"):
                said = mind.understand(inbound, voice, session, now=acting.now)
            before = recording.Before.of(session)
            with watch.stage("decide"):
                decision = await decide(
                    mind.scripts,
                    session,
                    inbound,
                    said.parse,
                    acting,
                    said.voice,
                    said.parts,
                    elsewhere=self._elsewhere,
                )
            with watch.stage("keep"):
                replies = await self._keep(acting, session, inbound, said, decision)
                lines = recording.lines(inbound, said, decision, before, watch.seconds, acting.now)
                await self._record(acting, inbound, lines, before, mind.scripts)
                await stack.aclose()
        if acting.has_notified or inbound.kind.is_pushed:
            self._store.bell.ring()
        self._tell(Turned(inbound, said.parse, decision, replies, said.voice), watch)
        return replies

    async def _record(
        self,
        acting: Acting,
        inbound: Inbound,
        lines: list[Line],
        before: recording.Before,
        scripts: Scripts,
    ) -> None:
        await recording.keep(
            await acting.writing(),
            inbound,
            lines,
            session=acting.session,
            before=before,
            scripts=scripts,
            queues=not self._elsewhere,
        )

    async def _keep(
        self,
        acting: Acting,
        session: Session,
        inbound: Inbound,
        said: Understood,
        decision: Decision,
    ) -> tuple[Reply, ...]:
        replies = await keeping.with_pictures(acting, inbound, decision.replies, self._new_id)
        if replies and not decision.is_aside:
            # Said again, these words answer another message than the one that was heard.
            session.last = [msgspec.structs.replace(reply, heard="") for reply in replies]
        await acting.save()
        await keeping.push(acting, inbound, replies, may_write=self._may_write)
        await keeping.mark(acting, inbound, replies, heard=decision.heard, voice=said.voice)
        return replies

    async def _forgotten(self, inbound: Inbound) -> tuple[Reply, ...]:
        await forget_customer(
            self._store,
            self._backends.business,
            account=inbound.account,
            openid=inbound.openid,
            now=self._clock(),
        )
        log.info("customer forgotten", account=inbound.account)
        return ()

    async def _silenced(self, inbound: Inbound) -> tuple[Reply, ...]:
        await silence_customer(
            self._store,
            self._backends.business,
            account=inbound.account,
            openid=inbound.openid,
            now=self._clock(),
        )
        log.info("customer wants no notices", account=inbound.account)
        return ()

    def _tell(self, turned: Turned, watch: Stopwatch) -> None:
        trace, voice = turned.decision.trace, turned.voice
        spoken = {"hearing": round(voice.meaning, 3)} if voice else {}
        log.info(
            "turn",
            account=turned.inbound.account,
            **spoken,
            rule=trace.rule,
            intent=trace.intent,
            confidence=round(trace.confidence, 3),
            task=trace.task,
            asks=trace.asks,
            changed=trace.changed,
            done=trace.done,
            reject=trace.reject,
            ms=round(sum(watch.seconds.values()) * 1000, 1),
        )
        self._meters.turn(turned.inbound.account, trace.rule, trace.intent)
        self._meters.happened(repair=trace.repair, effect=trace.done, refusal=trace.reject)
        self._meters.stages({**watch.seconds, "turn": sum(watch.seconds.values())})
        if self._watch is not None:
            self._watch(turned)
