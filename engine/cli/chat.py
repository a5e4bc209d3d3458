"""`banli chat`: talk to the engine in the terminal, without a platform."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.nlu import moment_of
from engine.cli.recorder import Recorder
from engine.cli.tracing import traced

if TYPE_CHECKING:
    from rich.console import Console

    from engine.message import Button, Inbound, Picture, Reply
    from engine.settings import Settings
    from engine.speech.ears import Ears
    from engine.speech.expected import Expected
    from engine.speech.heard import Heard
    from engine.store import Store
    from engine.turn import Turned, Turns

_ACCOUNT = "chat"
_QUIT = "/quit"
_VOICE = "/voice "


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
    try:
        settings = load_settings(database=database, dialogs=dialogs, model=model, business=business)
        screen = Screen(Console(highlight=False), pictures, trace)
        screen.queue.extend(f"{_VOICE}{file}" for file in voice or ())
        recorder = Recorder(record, account=_ACCOUNT, openid=openid) if record else None
        asyncio.run(_talk(screen, settings, openid, clock, recorder))
    except Exception as error:
        # What the rooms raise is for the person at the keyboard, all else is a fault.
        if not type(error).__module__.startswith("engine."):
            raise
        typer.echo(f"banli chat: {error}", err=True)
        raise typer.Exit(1) from None


def _from(start: datetime) -> Callable[[], datetime]:
    """A clock that starts at a given time and goes on from there."""
    begun = datetime.now(start.tzinfo)
    return lambda: start + (datetime.now(start.tzinfo) - begun)


@dataclass(slots=True)
class Screen:
    """What the customer sees and may tap."""

    console: Console
    pictures: Path | None
    shows_trace: bool
    buttons: tuple[Button, ...] = ()
    drawn: int = 0
    turned: list[Turned] = field(default_factory=list)
    queue: deque[str] = field(default_factory=deque)

    def ask(self) -> str:
        """The next line: of the queue, then of the keyboard; `/quit` at the end of the input."""
        if self.queue:
            self._print(f"您> {self.queue[0]}", "bold cyan")
            return self.queue.popleft()
        try:
            return self.console.input("[bold cyan]您[/]> ").strip()
        except EOFError:
            return _QUIT

    def tapped(self, line: str) -> Button | None:
        """The button whose number was typed."""
        number = int(line) if line.isascii() and line.isdigit() else 0
        return self.buttons[number - 1] if 1 <= number <= len(self.buttons) else None

    def show(self, replies: tuple[Reply, ...]) -> None:
        """Replies with their pictures in words; buttons are numbered through all of them."""
        self.buttons = tuple(button for reply in replies for button in reply.buttons)
        numbers = itertools.count(1)
        for reply in replies:
            if reply.heard:
                self._print(reply.heard, "cyan")
            self._print(reply.text, "green")
            if reply.picture:
                self._picture(reply.picture)
            if reply.link:
                self._print(reply.link, "blue")
            for button in reply.buttons:
                self._print(f"  {next(numbers)}) {button.label}", "yellow")
        if self.shows_trace and self.turned:
            self._print(traced(self.turned[-1]), "dim")

    def warn(self, text: str) -> None:
        """What is for the person at the keyboard, not for the customer."""
        self._print(text, "red")

    def _picture(self, picture: Picture) -> None:
        self._print(picture.alt, "magenta")
        if self.pictures is not None:
            from engine.pictures import draw

            self.drawn += 1
            self.pictures.mkdir(parents=True, exist_ok=True)
            file = self.pictures / f"{self.drawn:02}-{picture.kind}.png"
            file.write_bytes(draw(picture.kind, picture.model))
            self._print(str(file), "magenta")

    def _print(self, text: str, style: str) -> None:
        self.console.print(text, style=style, markup=False, soft_wrap=True)


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
        ears = _Ears(settings.speech_model, stack)
        if screen.queue:
            await ears.open()
        turns, store = await stack.enter_async_context(_turns(screen, settings, clock, ears))
        if recorder:
            stack.callback(recorder.write)
        scheduler = Scheduler(store, {_ACCOUNT: turns}, clock=clock)
        for number in itertools.count():
            inbound = _inbound("", openid, 0, clock(), event="subscribe")
            if number:
                if (line := screen.ask()) == _QUIT:
                    break
                inbound = _said(line, screen, openid, number, clock())
            if inbound.kind == "voice" and (why := await ears.trouble(inbound.media_id)):
                screen.warn(why)
                continue
            screen.turned.clear()
            replies = await turns.take(inbound, _recording)
            turned = screen.turned[-1] if screen.turned else None
            while await scheduler.run_due():
                pass
            pushed = await late.taken(store, account=_ACCOUNT, openid=openid)
            if recorder:
                await recorder.note(store, inbound, replies, turned, pushed)
            screen.show((*replies, *pushed))


class _Ears:
    """Ears that open when they are first needed: a model of speech takes a while."""

    def __init__(self, model: Path, stack: AsyncExitStack) -> None:
        self._model = model
        self._stack = stack
        self._ears: Ears | None = None

    async def open(self) -> Ears:
        """Load the model, unless it is. Raises `SpeechError`."""
        from engine.wiring import open_ears

        if self._ears is None:
            self._ears = await open_ears(self._model, self._stack)
        return self._ears

    async def trouble(self, file: str) -> str:
        """Why a recording cannot be listened to at all: there is no model, or no such file."""
        from engine.speech.errors import SpeechError

        try:
            await self.open()
            await _recording(file)
        except SpeechError as error:
            return str(error)
        except OSError as error:
            return f"{file}: {error.strerror}"
        return ""

    async def hear(self, upload: bytes, expected: Expected | None = None) -> Heard:
        """As `Ears.hear`."""
        from engine.speech.expected import Expected

        return await (await self.open()).hear(upload, expected or Expected())


async def _recording(file: str) -> bytes:
    """The bytes behind a media id, which is a path here."""
    return await asyncio.to_thread(Path(file).read_bytes)


def _said(line: str, screen: Screen, openid: str, number: int, at: datetime) -> Inbound:
    """What a line stands for: a recording, a tap, or words."""
    if line.startswith(_VOICE):
        file = line.removeprefix(_VOICE).strip().strip("\"'")
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
    screen: Screen, settings: Settings, clock: Callable[[], datetime], ears: _Ears
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
