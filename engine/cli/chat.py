"""`banli chat`: talk to the engine in the terminal, without a platform."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.listening import LateEars, recording
from engine.cli.nlu import moment_of
from engine.cli.recorder import Recorder
from engine.cli.screen import QUIT, VOICE, Screen

if TYPE_CHECKING:
    from engine.message import Inbound
    from engine.settings import Settings
    from engine.store import Store
    from engine.turn import Turns

_ACCOUNT = "chat"


def chat(
    openid: Annotated[
        str, typer.Option(help="Who is talking; the demo company knows oDemo-zhangsan.")
    ] = "chat",
    now: Annotated[str, typer.Option(help="The time when the chat starts, ISO.")] = "",
    database: Annotated[
        str, typer.Option(help="Database address. By default nothing is kept.")
    ] = "sqlite://",
    dialogs: Annotated[Path | None, typer.Option(help="Folder of scripts.")] = None,
    model: Annotated[Path | None, typer.Option(help="Folder of the trained model.")] = None,
    business: Annotated[
        str | None, typer.Option(help="The company's Business, as module:attribute.")
    ] = None,
    pictures: Annotated[Path | None, typer.Option(help="Folder to draw pictures into.")] = None,
    voice: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="A recording to begin with, or several."),
    ] = None,
    trace: Annotated[bool, typer.Option("--trace", help="Show how a turn was decided.")] = False,
    record: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the conversation as a transcript.")
    ] = None,
) -> None:
    """Talk to the engine here; a number taps a button, /voice FILE speaks, /quit ends."""
    import structlog
    from rich.console import Console

    from engine.settings import load_settings

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    clock = _from(moment_of(now)) if now else lambda: moment_of("")
    settings = load_settings(database=database, dialogs=dialogs, model=model, business=business)
    screen = Screen(Console(highlight=False), pictures, trace)
    screen.queue.extend(f"{VOICE}{file}" for file in voice or ())
    recorder = Recorder(record, account=_ACCOUNT, openid=openid) if record else None
    asyncio.run(_talk(screen, settings, openid, clock, recorder))


def _from(start: datetime) -> Callable[[], datetime]:
    """A clock that starts at a given time and goes on from there."""
    begun = datetime.now(start.tzinfo)
    return lambda: start + (datetime.now(start.tzinfo) - begun)


async def _talk(
    screen: Screen,
    settings: Settings,
    openid: str,
    clock: Callable[[], datetime],
    recorder: Recorder | None,
) -> None:
    from engine import late
    from engine.scheduler import Scheduler

    async with AsyncExitStack() as stack:
        ears = LateEars(settings.speech_model, stack)
        if screen.queue:
            await ears.open()
        turns, store = await stack.enter_async_context(_turns(screen, settings, clock, ears))
        if recorder:
            stack.callback(recorder.write)
        scheduler = Scheduler(store, {_ACCOUNT: turns}, clock=clock)
        for number in itertools.count():
            inbound = _inbound("", openid, 0, clock(), event="subscribe")
            if number:
                if (line := screen.ask()) == QUIT:
                    break
                inbound = _said(line, screen, openid, number, clock())
            if inbound.kind == "voice" and (why := await ears.trouble(inbound.media_id)):
                screen.warn(why)
                continue
            screen.turned.clear()
            replies = await turns.take(inbound, recording)
            turned = screen.turned[-1] if screen.turned else None
            while await scheduler.run_due():
                pass
            pushed = await late.taken(store, account=_ACCOUNT, openid=openid)
            if recorder:
                await recorder.note(store, inbound, replies, turned, pushed)
            screen.show((*replies, *pushed))


def _said(line: str, screen: Screen, openid: str, number: int, at: datetime) -> Inbound:
    """What a line stands for: a recording, a tap, or words."""
    if line.startswith(VOICE):
        file = line.removeprefix(VOICE).strip().strip("\"'")
        return _inbound("", openid, number, at, voice=file)
    tapped = screen.tapped(line)
    payload = tapped.payload if tapped else ""
    return _inbound(tapped.label if tapped else line, openid, number, at, payload=payload)


def _inbound(
    text: str,
    openid: str,
    number: int,
    at: datetime,
    *,
    payload: str = "",
    event: str = "",
    voice: str = "",
) -> Inbound:
    from engine.message import Inbound, Kind

    return Inbound(
        account=_ACCOUNT,
        openid=openid,
        key=f"chat:{at.isoformat()}:{number}",
        at=at,
        kind=Kind.EVENT if event else Kind.VOICE if voice else Kind.TEXT,
        text=text,
        payload=payload,
        event=event,
        media_id=voice,
    )


@asynccontextmanager
async def _turns(
    screen: Screen, settings: Settings, clock: Callable[[], datetime], ears: LateEars
) -> AsyncIterator[tuple[Turns, Store]]:
    """An engine for one account that exists only here, and where it keeps things."""
    from engine import assets
    from engine.acting import Backends
    from engine.business.load import load as load_business
    from engine.channels.http import HttpPost
    from engine.loaded import load_scripts
    from engine.nlu.interpreter import Interpreter
    from engine.store.opening import open_store
    from engine.turn import Turns

    business = load_business(settings.business)
    scripts = load_scripts(settings.dialogs, business)
    interpreter = Interpreter.load(settings.model, lexicons=assets.data() / "lexicons")
    async with await open_store(settings) as store, HttpPost() as post:
        async with store.writing() as connection:
            for prepare in business.preparations:
                await prepare(connection, clock())
        turns = Turns(
            store,
            interpreter,
            scripts,
            Backends(business, post),
            clock=clock,
            ears=ears,
            watch=screen.turned.append,
        )
        yield turns, store
