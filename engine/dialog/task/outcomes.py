"""An effect that is under way: it was begun, and how it comes out is known only later.

Nothing here believes what the customer or a notice says: it makes the dialog ask the business.
"""

from __future__ import annotations

from typing import Any

from engine.business.provider import Refused, Row, Unavailable
from engine.dialog.scripts.closing import Later, Outcome
from engine.dialog.scripts.phrases import Phrases
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import OUTCOME, STOP, Task, Value
from engine.dialog.state.sheet import Sheet
from engine.dialog.state.step import Acts, Step
from engine.dialog.task.asking import Asking
from engine.dialog.wording import words
from engine.message import Button


class Outcomes:
    """The effect of one task that has begun, for the length of one turn."""

    def __init__(
        self,
        script: Script,
        task: Task,
        sheet: Sheet,
        asking: Asking,
        *,
        acts: Acts,
        phrases: Phrases,
    ) -> None:
        self._script = script
        self._task = task
        self._sheet = sheet
        self._asking = asking
        self._acts = acts
        self._phrases = phrases

    @property
    def _later(self) -> Later:
        later = self._script.answer.later
        assert later is not None  # noqa: S101 - a task is under way only where the script says so
        return later

    def begin(self, text: str, result: Row) -> Step:
        """The effect was begun: from here on the task waits for what comes of it."""
        self._task.under_way, self._task.in_flight = dict(result), None
        return self._wait(text)

    async def look(self) -> Step | None:
        """Ask the business how it stands; None where the task goes on with its questions."""
        row, note = await self._row()
        outcome = self._later.outcomes.get(self._status(row)) if row else None
        if outcome is None:
            self._asking.note(note)
            tries = self._task.tries if self._task.asking == OUTCOME else 0
            waiting = self._later.waiting
            return self._wait(self._say(waiting[min(tries, len(waiting) - 1)], row))
        return await self.come_out(outcome, row)

    async def news(self) -> Step | None:
        """The words of an outcome, which may be no end yet; None while there is none."""
        row, _ = await self._row()
        outcome = self._later.outcomes.get(self._status(row)) if row else None
        if outcome is None:
            return None
        step = await self.come_out(outcome, row)
        self._task.asking = ""
        return step or self._asking.step()

    async def come_out(self, outcome: Outcome, row: Row | None) -> Step | None:
        """End or go on as the outcome says; None where the task goes on with its questions."""
        names = {"row": row, "result": self._task.under_way}
        text, reason = self._say(outcome.say, row), "" if outcome.done else self._status(row)
        shown = await self._asking.pictures(outcome.picture, **names) if outcome.picture else ()
        gives = self._sheet.gives(**names) if outcome.done else {}
        self._task.under_way, self._task.stopping = None, None
        self._task.commits += 1
        if outcome.done:
            return self._asking.step(text, done=True, gives=gives, pictures=shown)
        if outcome.end:
            return self._asking.step(text, reject=reason, ended=True, pictures=shown)
        self._asking.note(text, reason=reason)
        self.check_again(outcome)
        return None

    def check_again(self, outcome: Outcome) -> None:
        """Forget and look up again what the outcome names."""
        for name in outcome.clear:
            self._sheet.clear(name)
        for name in outcome.recheck:
            self._sheet.look_up_again(name)

    def ask_to_stop(self, wish: dict[str, Value] | None) -> Step | None:
        """Ask whether to stop it; ``wish`` are the values with which to go on then, if any.

        None where the script knows no way to stop it.
        """
        stop = self._later.stop
        if stop is None:
            return None
        self._task.stopping = {"wish": wish} if wish is not None else {}
        yes = Button(self._phrases.yes, "/affirm")
        no = Button(self._phrases.go_on, f"{OUTCOME}=")
        return self._asking.step(self._say(stop.ask), asks=STOP, buttons=(yes, no))

    async def stop(self) -> Step | None:
        """Stop it, unless it has come out by now; None where the task asks on."""
        stop, wish = self._later.stop, (self._task.stopping or {}).get("wish")
        assert stop is not None  # noqa: S101 - asked by `ask_to_stop`
        arguments = self._sheet.arguments(stop.arguments, result=self._task.under_way)
        try:
            key = f"{self._task.key}.stop"
            await self._acts.perform(stop, arguments, key)
        except Unavailable:
            return self._asking.step(self._phrases.unavailable, asks=STOP, reject="unavailable")
        except Refused:
            # It came out first: that is the truth, and the customer hears it.
            return await self.look()
        text = self._say(stop.say)
        self._task.in_flight = None
        self._task.under_way, self._task.stopping = None, None
        self._task.commits += 1
        if wish is None:
            return self._asking.step(text, ended=True)
        self._asking.note(text)
        self._sheet.put(wish)
        for name in stop.recheck:
            self._sheet.look_up_again(name)
        return None

    async def _row(self) -> tuple[Row | None, str]:
        """How it stands, and a line to say when that cannot be known now."""
        arguments = self._sheet.arguments(self._later.arguments, result=self._task.under_way)
        try:
            rows = await self._acts.query(self._script.query_of(self._later.query), arguments)
        except (Refused, Unavailable):
            return None, self._phrases.unavailable_answer
        return (rows[0] if rows else None), ""

    def _status(self, row: Row | None) -> str:
        names = self._sheet.names(row=row, result=self._task.under_way)
        return str(words.evaluate(self._later.status, names) or "")

    def _wait(self, text: str) -> Step:
        link = self._say(self._script.answer.link)
        buttons = [Button(word, f"{OUTCOME}=") for word in self._later.said[:1]]
        if self._later.stop:
            buttons.append(Button(self._phrases.no, "/cancel"))
        return self._asking.step(text, asks=OUTCOME, buttons=tuple(buttons), link=link)

    def _say(self, text: str, row: Any = None) -> str:
        return self._sheet.say(text, row=row, result=self._task.under_way)
