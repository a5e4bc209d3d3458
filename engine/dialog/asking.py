"""Saying the next thing of a task: its questions, choices, pictures and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from engine.business.provider import BusinessError, Row
from engine.dialog import words
from engine.dialog.phrases import Phrases
from engine.dialog.script import PictureOf
from engine.dialog.session import CONFIRM, Offer
from engine.dialog.sheet import Sheet
from engine.dialog.step import Acts, Step, numbered, plainly
from engine.message import Button, Picture
from engine.pictures import PictureError, describe

log = structlog.get_logger(__name__)


class Asking:
    """Makes the steps of one task; remembers the lines that have to be said before the next one."""

    def __init__(self, sheet: Sheet, *, acts: Acts, phrases: Phrases) -> None:
        self._sheet = sheet
        self._acts = acts
        self._phrases = phrases
        self._notes: list[str] = []
        self._reject = ""

    def note(self, line: str, *, reason: str = "") -> None:
        """Say this line before whatever comes next; with a reason, that a value was refused."""
        self._notes.append(line)
        self._reject = reason or self._reject

    def forget_notes(self) -> None:
        """Leave out the lines that would have been said first."""
        self._notes.clear()

    async def ask(self, name: str) -> Step:
        """The question for one slot, in the wording of this try."""
        slot = self._sheet.script.slots[name]
        picture = await self.picture(slot.picture) if slot.picture else None
        offers = tuple(Offer(name, c.value, c.label) for c in slot.choices)
        question = self._variant(slot.ask, name)
        return self.step(
            question, asks=name, offers=offers, buttons=plainly(offers), picture=picture
        )

    def confirm(self) -> Step:
        """Read everything back and ask for a yes."""
        question = self._variant(self._sheet.script.confirm, CONFIRM)
        yes = Button(self._phrases.yes, f"{CONFIRM}={self._sheet.task.readback}")
        buttons = (yes, Button(self._phrases.no, "/cancel"))
        return self.step(question, asks=CONFIRM, buttons=buttons)

    def choose(self, name: str, offers: tuple[Offer, ...]) -> Step:
        """The question which of several rows is meant."""
        slot = self._sheet.script.slots[name]
        question = self._variant(slot.ask, name) or self._phrases.choose
        return self.step(question, asks=name, offers=offers, buttons=numbered(offers))

    def offers(self, name: str, rows: list[Row], value: str, label: str) -> tuple[Offer, ...]:
        """Rows as choices for a slot."""
        return tuple(
            Offer(name, str(row[value]), self._label(row, value, label), dict(row)) for row in rows
        )

    def _label(self, row: Row, value: str, label: str) -> str:
        return self._sheet.say(label, row=row, **row) or str(row[value])

    def instead(self, name: str, values: list[Any]) -> Step:
        """Values offered in place of a refused one."""
        self._sheet.task.tries = 0
        labels = {c.value: c.label for c in self._sheet.script.slots[name].choices}
        texts = map(str, values)
        offers = tuple(Offer(name, text, labels.get(text, text)) for text in texts)
        return self.step(asks=name, offers=offers, buttons=plainly(offers))

    async def picture(self, picture: PictureOf, **names: Any) -> Picture | None:
        """A picture; None without a model, for words without a picture are better than nothing."""
        try:
            if picture.query:
                rows = await self._acts.query(
                    self._sheet.script.query_of(picture.query),
                    self._sheet.arguments(picture.arguments),
                )
                names = {**names, "row": rows[0] if rows else None}
            model = words.evaluate(picture.model, self._sheet.names(**names))
            if not isinstance(model, Mapping):
                return None
            alt = words.evaluate(picture.words, self._sheet.names(**names)) if picture.words else ""
            return Picture(picture.kind, dict(model), str(alt or describe(picture.kind, model)))
        except (BusinessError, PictureError) as error:
            log.warning("no picture", kind=picture.kind, error=str(error))
            return None

    def over(self, text: str, *, reject: str) -> Step:
        """The task ends here without a result."""
        return self.step(text, reject=reject, ended=True)

    def step(self, text: str = "", *, asks: str = "", reject: str = "", **rest: Any) -> Step:
        """A step that says the notes of this turn first and remembers what is asked."""
        if asks:
            self._sheet.task.tries = (
                self._sheet.task.tries if asks == self._sheet.task.asking else 0
            )
            self._sheet.task.asking = asks
            if asks not in self._sheet.task.asked:
                self._sheet.task.asked.append(asks)
        said = "\n".join(filter(None, [*self._notes, text]))
        return Step(text=said, asks=asks, reject=reject or self._reject, **rest)

    def _variant(self, variants: tuple[str, ...], asked: str) -> str:
        if not variants:
            return ""
        tries = self._sheet.task.tries if self._sheet.task.asking == asked else 0
        return self._sheet.say(variants[min(tries, len(variants) - 1)])
