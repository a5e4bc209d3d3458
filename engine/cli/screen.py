"""What the customer sees of a chat in the terminal, and may tap."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.tracing import traced

if TYPE_CHECKING:
    from rich.console import Console

    from engine.message import Button, Picture, Reply
    from engine.turn import Turned

#: Lines that are no words: the end of a chat, and a recording.
QUIT, VOICE = "/quit", "/voice "


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
            return QUIT

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
