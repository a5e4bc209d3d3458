"""Doing what a task is about once everything is settled, and saying what came of it."""

from __future__ import annotations

from engine.business.provider import Refused, Row
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Task
from engine.dialog.state.sheet import Sheet
from engine.dialog.state.step import Acts, Step
from engine.dialog.task import telling
from engine.dialog.task.asking import Asking
from engine.dialog.task.outcomes import Outcomes
from engine.dialog.task.settling import Settling
from engine.dialog.wording import words


class Finishing:
    """The end of one task, for the length of one turn."""

    def __init__(
        self,
        script: Script,
        task: Task,
        sheet: Sheet,
        *,
        asking: Asking,
        settling: Settling,
        outcomes: Outcomes,
        acts: Acts,
    ) -> None:
        self._script = script
        self._task = task
        self._sheet = sheet
        self._asking = asking
        self._settling = settling
        self._outcomes = outcomes
        self._acts = acts

    async def finish(self) -> Step | None:
        """The answer; None where it was refused and the task goes on. Raises `Unavailable`."""
        answer = self._script.answer
        try:
            rows, result = await self._done()
        except Refused as refused:
            return self._refused(refused)
        shown, left = self._page(rows)
        names = {"result": result, "row": result, "rows": shown, "more": left}
        await telling.leave(answer, self._sheet, self._acts, **names)
        text = words.say(answer.say, self._sheet.names(**names))
        if answer.later is not None and result is not None:
            return self._outcomes.begin(text, result)
        pictures = await self._asking.pictures(answer.picture, **names) if answer.picture else ()
        link = words.say(answer.link, self._sheet.names(**names))
        gives = self._sheet.gives(**names)
        listed = tuple(shown) if answer.picks and len(shown) > 1 else ()
        return self._asking.step(
            text, done=True, pictures=pictures, link=link, left=left, rows=listed, gives=gives
        )

    async def _done(self) -> tuple[list[Row], Row | None]:
        """The rows of a query and the first of them, or the result of an effect."""
        answer = self._script.answer
        arguments = self._sheet.arguments(answer.arguments)
        if answer.query:
            rows = await self._acts.query(self._script.query_of(answer.query), arguments)
            return rows, (rows[0] if rows else None)
        if answer.changes_something:
            return [], await self._acts.perform(answer, arguments, self._task.key)
        return [], None

    def _page(self, rows: list[Row]) -> tuple[list[Row], int]:
        """The rows that are shown at this time, and how many are left."""
        size = self._script.answer.page
        if not size:
            return rows, 0
        start = self._task.page * size
        return rows[start : start + size], max(len(rows) - start - size, 0)

    def _refused(self, refused: Refused) -> Step | None:
        self._task.commits += 1
        self._task.in_flight = None
        table, concerns = self._script.answer.refused, next(reversed(self._task.slots), "")
        if refused.reason not in table:
            # A value that was free when it was looked up has words for what it is by now.
            for name, slot in self._script.slots.items():
                known = slot.resolve.refused if slot.resolve else {}
                if name in self._task.slots and refused.reason in known:
                    table, concerns = known, name
        return self._settling.refuse(table, refused, concerns)
