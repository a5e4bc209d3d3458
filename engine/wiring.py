"""Building the parts of a provider from its settings."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import SQLAlchemyError

from engine.acting import Backends
from engine.business.provider import Business
from engine.channels.http import HttpPost
from engine.channels.sms.account import SmsAccount
from engine.desk.desk import Desk
from engine.desk.learning import Learning, meanings_of
from engine.dialog.scripts.loading import Scripts
from engine.loaded import Loaded, Served, hearing_of, load, minds_of, places_of
from engine.meters import Meters
from engine.mind import Mind
from engine.scheduler import Scheduler
from engine.settings import Account, ApiAccount, Keep, Settings
from engine.speech.ears import PATIENCE, Ears
from engine.speech.hearing.engine import Engine as Hearing
from engine.store import Store, conversation, ledger
from engine.store.opening import open_store
from engine.store.retention import expire
from engine.turn import Turns

#: Customers' dates and times are those of this zone.
ZONE = ZoneInfo("Asia/Shanghai")
#: How often a business that keeps a horizon (the flights of the coming days) is asked to extend it.
_KEEP_UP = timedelta(hours=1)

log = structlog.get_logger(__name__)


def clock() -> datetime:
    """The time where the customers are."""
    return datetime.now(ZONE)


@dataclass(frozen=True, slots=True)
class Engine:
    """A provider at work: what its channels need, and how it ends."""

    store: Store
    accounts: Mapping[str, Account]
    api_accounts: Mapping[str, ApiAccount]
    sms_accounts: Mapping[str, SmsAccount]
    turns: Mapping[str, Turns]
    desk: Desk
    learning: Learning
    meters: Meters
    _settings: Settings
    _businesses: Mapping[str, Business]
    backends: Backends
    _stack: AsyncExitStack

    @property
    def _served(self) -> dict[str, Served]:
        return {**self.accounts, **self.api_accounts, **self.sms_accounts}

    @property
    def scripts(self) -> dict[str, Scripts]:
        """The scripts that are in use now, by the name of the account."""
        return {name: turns.scripts for name, turns in self.turns.items()}

    @property
    def folders(self) -> frozenset[Path]:
        """Where its scripts and its models lie."""
        places = (places_of(self._settings, account) for account in self._served.values())
        return frozenset(folder for pair in places for folder in pair)

    async def reload(self) -> None:
        """Read scripts and models anew, all accounts at once; running tasks end as they began.

        Raises what `build` raises for them, and then nothing has changed.
        """
        minds = await asyncio.to_thread(self._read)
        for name, mind in minds.items():
            self.turns[name].change(mind.interpreter, mind.scripts)
        log.info("scripts and models read anew", accounts=len(minds))

    def _read(self) -> dict[str, Mind]:
        return minds_of(self._settings, self._served, self._businesses)

    async def close(self) -> None:
        """Give back everything that `build` opened."""
        await self._stack.aclose()


async def build(settings: Settings, loaded: Loaded | None = None) -> Engine:
    """Open what has to be closed, around what was ``loaded`` or else is loaded now.

    Raises what `engine.loaded.load` raises, and `StoreError`.
    """
    loaded = loaded or load(settings)
    accounts, businesses = loaded.served, loaded.businesses
    async with AsyncExitStack() as stack:
        meters = Meters()
        hearing = loaded.hearing
        ears = await _open(hearing, stack, meters=meters) if hearing else None
        store = await open_store(settings)
        stack.push_async_callback(store.close)
        post = await stack.enter_async_context(HttpPost())
        business = _together(businesses)
        await _lay_out(business, store, stack)
        turns = _turns(loaded, store, post, ears, meters)
        for running in (Scheduler(store, turns, clock=clock).run(), _tidy(store, settings.keep)):
            stack.push_async_callback(_end, asyncio.create_task(running))
        learning = Learning(
            store,
            settings.desk_phrases,
            lambda: {name: meanings_of(each.scripts) for name, each in turns.items()},
        )
        log.info("engine built", accounts=len(accounts), business=business.name)
        desk = Desk(store, turns, clock=clock)
        return Engine(
            store,
            loaded.official,
            loaded.programs,
            loaded.phones,
            turns,
            desk,
            learning,
            meters,
            settings,
            businesses,
            Backends(business, post),
            stack.pop_all(),
        )


def _turns(
    loaded: Loaded, store: Store, post: HttpPost, ears: Ears | None, meters: Meters
) -> dict[str, Turns]:
    """The turns of each account."""
    return {
        name: Turns(
            store,
            mind.interpreter,
            mind.scripts,
            Backends(loaded.businesses[name], post),
            clock=clock,
            ears=ears,
            may_write=loaded.served[name].verified,
            elsewhere=loaded.served[name].desk == "platform",
            meters=meters,
        )
        for name, mind in loaded.minds.items()
    }


def _together(businesses: Mapping[str, Business]) -> Business:
    """All there is: what happens at the company is told without naming an account."""
    first, *others = dict.fromkeys(businesses.values())
    return first.with_parts(*others) if others else first


async def ears_of(
    settings: Settings, stack: AsyncExitStack, meters: Meters | None = None
) -> Ears | None:
    """The ears that are set up, open as long as the stack; None where voice is off.

    Raises `SpeechError`.
    """
    hearing = hearing_of(settings)
    return None if hearing is None else await _open(hearing, stack, meters=meters)


async def open_ears(directory: Path, stack: AsyncExitStack, *, patience: float = PATIENCE) -> Ears:
    """Ears with the Vosk model of a directory. Raises `SpeechError`."""
    from engine.speech.hearing.vosk import VoskEngine

    return await _open(VoskEngine.load(directory), stack, patience=patience)


async def _open(
    hearing: Hearing,
    stack: AsyncExitStack,
    *,
    patience: float = PATIENCE,
    meters: Meters | None = None,
) -> Ears:
    # Vosk and FFmpeg are loaded only where something is heard.
    from engine.speech.audio.decoder import Decoder
    from engine.speech.recognizer import Recognizer

    recognizer = await stack.enter_async_context(Recognizer(hearing))
    decoder = await stack.enter_async_context(Decoder())
    log.info("ears opened")
    meters = meters or Meters()
    return Ears(decoder, recognizer, patience=patience, timed=meters.heard, in_pool=meters.in_pool)


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait until it has let go of the store."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _lay_out(business: Business, store: Store, stack: AsyncExitStack) -> None:
    """Let the business make its tables and first rows, and keep them up as days pass."""
    if not business.preparations:
        return
    await _prepare(business, store)
    keeping = asyncio.create_task(_keep_up(business, store))
    stack.callback(keeping.cancel)


async def _tidy(store: Store, keep: Keep) -> None:
    """Delete what was said too long ago."""
    while True:
        try:
            async with store.writing() as connection:
                await conversation.tidy(connection)
            gone = await expire(store, keep.model_dump(), now=clock())
            if any(gone.values()):
                log.info("deleted what was old", **gone)
        except SQLAlchemyError:
            log.exception("what is old could not be deleted")
        await asyncio.sleep(_KEEP_UP.total_seconds())


async def _keep_up(business: Business, store: Store) -> None:
    while True:
        await asyncio.sleep(_KEEP_UP.total_seconds())
        try:
            await _prepare(business, store)
        except Exception:
            log.exception("the business could not be kept up", business=business.name)


async def _prepare(business: Business, store: Store) -> None:
    async with store.writing() as connection:
        # Of processes that begin at once on an empty database, each would lay the first rows.
        await ledger.hold(connection, "preparations")
        for prepare in business.preparations:
            await prepare(connection, clock())
