"""Saying the next thing of a task: its questions, choices, pictures and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from engine.business.provider import BusinessError, Row
from engine.dialog.scripts.parts import PictureOf
from engine.dialog.scripts.phrases import Phrases
from engine.dialog.state.session import CONFIRM, Offer
from engine.dialog.state.sheet import Sheet
from engine.dialog.state.step import Acts, Shown, Step, numbered, plainly
from engine.dialog.wording import words
from engine.message import Button, Picture
from engine.pictures import PictureError, describe

log = structlog.get_logger(__name__)


#: The value of a button for all the rows of a list.
EVERYTHING = "*"


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
        if line not in self._notes:
            self._notes.append(line)
        self._reject = reason or self._reject

    def forget_notes(self) -> None:
        """Leave out the lines that would have been said first."""
        self._notes.clear()

    async def ask(self, name: str) -> Step:
        """The question for one slot, in the wording of this try."""
        slot = self._sheet.script.slots[name]
        pictures = await self.pictures(slot.picture) if slot.picture else ()
        offers = tuple(Offer(name, c.value, c.label) for c in slot.choices)
        question = self._variant(slot.ask, name)
        return self.step(
            question, asks=name, offers=offers, buttons=plainly(offers), pictures=pictures
        )

    def ask_more(self, name: str, **names: Any) -> Step:
        """The question for the next value of a list; ``names`` are further ones in its words."""
        slot = self._sheet.script.slots[name]
        offers = tuple(Offer(name, c.value, c.label) for c in slot.choices)
        question = self._variant(slot.more or slot.ask, name, **names)
        return self.step(question, asks=name, offers=offers, buttons=plainly(offers))

    def confirm(self) -> Step:
        """Read everything back and ask for a yes."""
        self._sheet.task.put_off = False
        question = self._variant(self._sheet.script.confirm, CONFIRM)
        script = self._sheet.script
        payload = f"{CONFIRM}={self._sheet.task.readback}"
        yes = Button(script.yes_label or self._phrases.yes, payload)
        buttons = (yes, Button(script.no_label or self._phrases.no, "/cancel"))
        return self.step(question, asks=CONFIRM, buttons=buttons)

    def choose(self, name: str, offers: tuple[Offer, ...]) -> Step:
        """The question which of several rows is meant."""
        slot = self._sheet.script.slots[name]
        question = self._variant(slot.ask, name) or self._phrases.choose
        buttons = numbered(offers)
        if slot.many:
            buttons += (Button(self._phrases.everything, f"{name}={EVERYTHING}"),)
        return self.step(question, asks=name, offers=offers, buttons=buttons)

    def offers(self, name: str, rows: list[Row], value: str, label: str) -> tuple[Offer, ...]:
        """Rows as choices for a slot."""
        return tuple(
            Offer(name, str(row[value]), self._label(row, value, label), dict(row)) for row in rows
        )

    def _label(self, row: Row, value: str, label: str) -> str:
        return self._sheet.say(label, **{"row": row, **row}) or str(row[value])

    def instead(self, name: str, values: list[Any]) -> Step:
        """Values offered in place of a refused one, or rows of the slot's options."""
        self._sheet.task.tries = 0
        slot = self._sheet.script.slots[name]
        if slot.options and all(isinstance(value, Mapping) for value in values):
            offers = self.offers(name, values, slot.options.value, slot.options.label)
            return self.step(asks=name, offers=offers, buttons=plainly(offers))
        labels = {c.value: c.label for c in slot.choices}
        texts = map(str, values)
        offers = tuple(Offer(name, text, labels.get(text, text)) for text in texts)
        return self.step(asks=name, offers=offers, buttons=plainly(offers))

    async def pictures(self, picture: PictureOf, **names: Any) -> tuple[Shown, ...]:
        """The picture, or one for each of a list; none without a model.

        Words without a picture are better than nothing.
        """
        try:
            if picture.query:
                rows = await self._acts.query(
                    self._sheet.script.query_of(picture.query),
                    self._sheet.arguments(picture.arguments),
                )
                names = {**names, "row": rows[0] if rows else None}
            shown: list[Any] = [names.get("row")]
            if picture.each:
                shown = words.evaluate(picture.each, self._sheet.names(**names)) or []
            drawn = (self._picture(picture, {**names, "row": row}) for row in shown)
            return tuple(each for each in drawn if each is not None)
        except (BusinessError, PictureError) as error:
            log.warning("no picture", kind=picture.kind, error=str(error))
            return ()

    def _picture(self, picture: PictureOf, names: Mapping[str, Any]) -> Shown | None:
        model = words.evaluate(picture.model, self._sheet.names(**names))
        if not isinstance(model, Mapping):
            return None
        alt = words.evaluate(picture.words, self._sheet.names(**names)) if picture.words else ""
        alt = str(alt or describe(picture.kind, model))
        caption = self._sheet.say(picture.caption, **names) if picture.caption else alt
        return Shown(Picture(picture.kind, dict(model), alt), caption)

    def over(self, text: str, *, reject: str, **rest: Any) -> Step:
        """The task ends here without a result."""
        return self.step(text, reject=reject, ended=True, **rest)

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

    def _variant(self, variants: tuple[str, ...], asked: str, **names: Any) -> str:
        if not variants:
            return ""
        tries = self._sheet.task.tries if self._sheet.task.asking == asked else 0
        return self._sheet.say(variants[min(tries, len(variants) - 1)], **names)
