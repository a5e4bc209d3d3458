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

from engine import assets
from engine.acting import Backends
from engine.business.http import secret_from_environment
from engine.business.load import load as load_business
from engine.business.provider import Business
from engine.channels.http import HttpPost
from engine.channels.sms.account import SmsAccount, load_sms_accounts
from engine.desk.desk import Desk
from engine.desk.learning import Learning, meanings_of
from engine.dialog import checking, loading
from engine.dialog.loading import Scripts
from engine.meters import Meters
from engine.mind import Mind
from engine.nlu.interpreter import Interpreter
from engine.scheduler import Scheduler
from engine.settings import (
    Account,
    ApiAccount,
    Keep,
    Settings,
    load_accounts,
    load_api_accounts,
)
from engine.speech.ears import PATIENCE, Ears
from engine.store import Store, conversation, ledger
from engine.store.opening import open_store
from engine.store.retention import expire
from engine.turn import Turns

Served = Account | ApiAccount | SmsAccount

#: Customers' dates and times are those of this zone.
ZONE = ZoneInfo("Asia/Shanghai")
#: How often a business that keeps a horizon (the flights of the coming days) is asked to extend it.
_KEEP_UP = timedelta(hours=1)
#: In place of a model of speech: voice messages are not heard.
_OFF = Path("off")

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
    def folders(self) -> frozenset[Path]:
        """Where its scripts and its models lie."""
        places = (_places(self._settings, account) for account in self._served.values())
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
        return _minds(self._settings, self._served, self._businesses)

    async def close(self) -> None:
        """Give back everything that `build` opened."""
        await self._stack.aclose()


async def build(settings: Settings) -> Engine:
    """Read everything that can be wrong, then open what has to be closed.

    Raises `SettingsError`, `ScriptError`, `NluError`, `SpeechError`, `NotFound`, `NoSecret` and
    `StoreError`.
    """
    official, programs = load_accounts(settings.accounts), load_api_accounts(settings.accounts)
    phones = load_sms_accounts(settings.accounts)
    accounts: dict[str, Served] = {**official, **programs, **phones}
    businesses = {name: business_of(settings, account) for name, account in accounts.items()}
    minds = _minds(settings, accounts, businesses)
    async with AsyncExitStack() as stack:
        meters = Meters()
        ears = await ears_of(settings, stack, meters)
        store = await open_store(settings)
        stack.push_async_callback(store.close)
        post = await stack.enter_async_context(HttpPost())
        business = _together(businesses)
        await _lay_out(business, store, stack)
        turns = {
            name: Turns(
                store,
                mind.interpreter,
                mind.scripts,
                Backends(businesses[name], post),
                clock=clock,
                ears=ears,
                may_write=accounts[name].verified,
                elsewhere=accounts[name].desk == "platform",
                meters=meters,
            )
            for name, mind in minds.items()
        }
        scheduling = asyncio.create_task(Scheduler(store, turns, clock=clock).run())
        stack.push_async_callback(_end, scheduling)
        tidying = asyncio.create_task(_tidy(store, settings.keep))
        stack.push_async_callback(_end, tidying)
        learning = Learning(
            store,
            settings.desk_phrases,
            lambda: {name: meanings_of(each.scripts) for name, each in turns.items()},
        )
        log.info("engine built", accounts=len(accounts), business=business.name)
        desk = Desk(store, turns, clock=clock)
        return Engine(
            store,
            official,
            programs,
            phones,
            turns,
            desk,
            learning,
            meters,
            settings,
            businesses,
            Backends(business, post),
            stack.pop_all(),
        )


def _places(settings: Settings, account: Served) -> tuple[Path, Path]:
    """The folder of an account's scripts, and that of its model."""
    return account.scripts or settings.dialogs, account.model or settings.model


def business_of(settings: Settings, account: Served) -> Business:
    """What an account's scripts act on. Raises `NotFound`."""
    return load_business(account.business or settings.business)


def _together(businesses: Mapping[str, Business]) -> Business:
    """All there is: what happens at the company is told without naming an account."""
    first, *others = dict.fromkeys(businesses.values())
    return first.with_parts(*others) if others else first


def _minds(
    settings: Settings,
    accounts: Mapping[str, Served],
    businesses: Mapping[str, Business],
) -> dict[str, Mind]:
    """Scripts and model of every account; what several of them use is read once."""
    places = {name: _places(settings, account) for name, account in accounts.items()}
    lexicons = assets.data() / "lexicons"
    read = {
        (folder, business): load_scripts(folder, business)
        for folder, business in {(places[name][0], businesses[name]) for name in accounts}
    }
    trained = {
        model: Interpreter.load(model, lexicons=lexicons)
        for model in {model for _, model in places.values()}
    }
    return {
        name: Mind(trained[model], read[folder, businesses[name]])
        for name, (folder, model) in places.items()
    }


async def ears_of(
    settings: Settings, stack: AsyncExitStack, meters: Meters | None = None
) -> Ears | None:
    """The ears that are set up, open as long as the stack; None where voice is off.

    The shipped model may be left out of an installation; one that was asked for may not. Raises
    `SpeechError`.
    """
    directory = settings.speech_model
    is_asked_for = "speech_model" in settings.model_fields_set
    if directory == _OFF or not (is_asked_for or directory.is_dir()):
        why = "BANLI_SPEECH_MODEL=off" if directory == _OFF else f"there is no model in {directory}"
        log.warning("voice messages are not heard", why=why)
        return None
    return await open_ears(directory, stack, meters=meters)


async def open_ears(
    directory: Path,
    stack: AsyncExitStack,
    *,
    patience: float = PATIENCE,
    meters: Meters | None = None,
) -> Ears:
    """Ears with the Vosk model of a directory. Raises `SpeechError`."""
    # Vosk and FFmpeg are loaded only where something is heard.
    from engine.speech.audio.decoder import Decoder
    from engine.speech.recognizer import Recognizer

    recognizer = await stack.enter_async_context(Recognizer.load(directory))
    decoder = await stack.enter_async_context(Decoder())
    log.info("ears opened", model=str(directory))
    timed = (meters or Meters()).heard
    return Ears(decoder, recognizer, patience=patience, timed=timed)


def load_scripts(folder: Path, business: Business) -> Scripts:
    """The checked scripts of a folder; a secret they lack is missed now, not by a customer.

    Raises `ScriptError` and `NoSecret`.
    """
    scripts = loading.load(folder)
    checking.demand(scripts, business)
    for script in scripts.by_intent.values():
        effect = [script.answer.http] if script.answer.http else []
        for http in (*effect, *script.queries.values()):
            secret_from_environment(http.secret)
    return scripts


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
