"""`banli chat`: talk to the engine in the terminal, without a platform."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.nlu import moment_of

if TYPE_CHECKING:
    from rich.console import Console

    from engine.message import Button, Inbound, Picture, Reply
    from engine.settings import Settings
    from engine.turn import Turned, Turns

_ACCOUNT = "chat"
_QUIT = "/quit"


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
    trace: Annotated[bool, typer.Option("--trace", help="Show how a turn was decided.")] = False,
) -> None:
    """Talk to the engine here; a number taps a button, /quit ends."""
    import structlog
    from rich.console import Console

    from engine.settings import load_settings

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    clock = _from(moment_of(now)) if now else lambda: moment_of("")
    try:
        settings = load_settings(database=database, dialogs=dialogs, model=model, business=business)
        asyncio.run(
            _talk(Screen(Console(highlight=False), pictures, trace), settings, openid, clock)
        )
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

    def ask(self) -> str:
        """The next line; `/quit` at the end of the input."""
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
            self._print(reply.text, "green")
            if reply.picture:
                self._picture(reply.picture)
            if reply.link:
                self._print(reply.link, "blue")
            for button in reply.buttons:
                self._print(f"  {next(numbers)}) {button.label}", "yellow")
        if self.shows_trace and self.turned:
            self._print(_traced(self.turned.pop()), "dim")

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


def _traced(turned: Turned) -> str:
    trace = turned.decision.trace
    known = "  ".join(f"{name}={value}" for name, value in trace.slots.items())
    happened = {
        "task": trace.task,
        "asks": trace.asks,
        "repair": trace.repair,
        "reject": trace.reject,
        "done": trace.done,
        "resumes": trace.resumes,
    }
    said = "  ".join(f"{key}: {value}" for key, value in happened.items() if value)
    return f"[{trace.rule}] {trace.intent} {trace.confidence:.2f}  {said}\n  {known}".rstrip()


async def _talk(
    screen: Screen, settings: Settings, openid: str, clock: Callable[[], datetime]
) -> None:
    async with _turns(screen, settings, clock) as turns:
        number = 0
        screen.show(await turns.take(_inbound("", openid, number, clock(), event="subscribe")))
        while (line := screen.ask()) != _QUIT:
            number += 1
            tapped = screen.tapped(line)
            payload = tapped.payload if tapped else ""
            text = tapped.label if tapped else line
            screen.show(await turns.take(_inbound(text, openid, number, clock(), payload=payload)))


def _inbound(
    text: str, openid: str, number: int, at: datetime, *, payload: str = "", event: str = ""
) -> Inbound:
    from engine.message import Inbound, Kind

    return Inbound(
        account=_ACCOUNT,
        openid=openid,
        key=f"chat:{at.isoformat()}:{number}",
        at=at,
        kind=Kind.EVENT if event else Kind.TEXT,
        text=text,
        payload=payload,
        event=event,
    )


@asynccontextmanager
async def _turns(
    screen: Screen, settings: Settings, clock: Callable[[], datetime]
) -> AsyncIterator[Turns]:
    """An engine for one account that exists only here."""
    from engine import assets
    from engine.acting import Backends
    from engine.business.load import load as load_business
    from engine.channels.http import HttpPost
    from engine.nlu.interpreter import Interpreter
    from engine.store import Store
    from engine.turn import Turns
    from engine.wiring import load_scripts

    business = load_business(settings.business)
    scripts = load_scripts(settings.dialogs, business)
    interpreter = Interpreter.load(settings.model, lexicons=assets.data() / "lexicons")
    async with await Store.open(settings.database) as store, HttpPost() as post:
        async with store.writing() as connection:
            for prepare in business.preparations:
                await prepare(connection, clock())
        yield Turns(
            store,
            interpreter,
            scripts,
            Backends(business, post),
            clock=clock,
            watch=screen.turned.append,
        )
