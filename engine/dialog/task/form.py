"""Moving one task along: settle its slots in order, ask, confirm, act, answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from engine.business.provider import Refused, Row, Unavailable
from engine.dialog.reading import rivals
from engine.dialog.scripts.phrases import Phrases
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import CONFIRM, Offer, Task, Value
from engine.dialog.state.sheet import Sheet, needs
from engine.dialog.state.step import Acts, Step, plainly
from engine.dialog.task import acknowledging, filling, knowing
from engine.dialog.task.asking import Asking
from engine.dialog.task.finishing import Finishing
from engine.dialog.task.outcomes import Outcomes
from engine.dialog.task.settling import Settling
from engine.dialog.wording import words
from engine.nlu.parse import Entity

#: Every round settles or clears a slot; more rounds than this is a script that chases its tail.
_ROUNDS = 40


class Form:
    """One task with its script, for the length of one turn."""

    def __init__(
        self,
        script: Script,
        task: Task,
        *,
        acts: Acts,
        phrases: Phrases,
        member: Row | None,
        carried: Mapping[str, str] | None = None,
    ) -> None:
        self._script = script
        self._task = task
        self._acts = acts
        self._phrases = phrases
        self._sheet = Sheet(script, task, member=member, now=acts.now, carried=carried)
        self._asking = Asking(self._sheet, acts=acts, phrases=phrases)
        self._settling = Settling(self._sheet, self._asking, acts=acts, phrases=phrases)
        self._outcomes = Outcomes(
            script, task, self._sheet, self._asking, acts=acts, phrases=phrases
        )
        self._finishing = Finishing(
            script,
            task,
            self._sheet,
            asking=self._asking,
            settling=self._settling,
            outcomes=self._outcomes,
            acts=acts,
        )

    async def _query(self, name: str, arguments: Mapping[str, Any]) -> list[Row]:
        return await self._acts.query(self._script.query_of(name), arguments)

    def listen(self, text: str, entities: tuple[Entity, ...], *, anew: bool = False) -> None:
        """Let an answer choose among rows that are looked up only now: 「骨科，明天，张医生」."""
        self._settling.rows.listen(text, entities, anew=anew)

    async def another(self, name: str, text: str, entities: tuple[Entity, ...]) -> Offer | None:
        """The row of an open question that words name, though fewer are on the table."""
        try:
            return await self._settling.rows.another(name, text, entities)
        except (Refused, Unavailable):
            return None

    async def named_anew(
        self, text: str, entities: tuple[Entity, ...], *, loosely: bool
    ) -> Offer | None:
        """Another row than the one that was chosen: 「不对，看流浪地球」.

        ``loosely``: by its day, time of day or kind as well.
        """
        try:
            return await self._settling.rows.named_anew(text, entities, loosely=loosely)
        except (Refused, Unavailable):
            return None

    async def beside(self) -> list[Offer]:
        """The rows among which one was chosen, and that one."""
        try:
            return await self._settling.rows.beside()
        except (Refused, Unavailable):
            return []

    async def regrouped(self, text: str, *, adding: bool, dropping: bool) -> dict[str, Value]:
        """The list of rows that somebody adds to, or takes from, by naming a row; else nothing."""
        try:
            return await self._settling.rows.regrouped(text, adding=adding, dropping=dropping)
        except (Refused, Unavailable):
            return {}

    def put(self, said: Mapping[str, Value]) -> list[str]:
        """Take what the customer said for slots; returns the slots that were corrected."""
        return self._sheet.put(said)

    def known(self, offers: Sequence[Offer]) -> dict[str, list[str]]:
        """The values that slots know by name at this moment, with these rows on the table."""
        return knowing.known(self._sheet, offers)

    def bare(self, number: str, unit: str) -> tuple[Offer, ...]:
        """The slots that a number may be meant for, with what it would be there."""
        names = self._sheet.names(said=number)
        return tuple(
            Offer(name, str(value), words.say(bare.label, names))
            for name, slot in self._script.slots.items()
            if (bare := slot.bare)
            and (unit in bare.after or not unit)
            and (value := words.evaluate(bare.value, names))
        )

    def which(self, offers: tuple[Offer, ...], said: str) -> Step:
        """Ask for which slot a number is meant."""
        note, asks = words.say(self._phrases.which_slot, {"said": said}), self._task.asking
        return self._asking.step(note, asks=asks, offers=offers, buttons=plainly(offers))

    def between(self, several: Mapping[str, Sequence[Entity]]) -> Step | None:
        """Ask which of the values is meant that were said for one slot; None where there are none.

        A slot that does not matter now is not asked for, nor one that only narrows down what is
        asked for next.
        """
        for name, said in several.items():
            slot = self._script.slots[name]
            if not self._sheet.matters(name) or (not slot.ask and self._narrows(name)):
                continue
            offers = tuple(Offer(name, each.value or "", rivals.label(each)) for each in said)
            return self._asking.step(asks=name, offers=offers, buttons=plainly(offers))
        return None

    def _narrows(self, name: str) -> bool:
        """Whether choices that are still open are looked up with this slot."""
        return any(
            other not in self._task.slots and self._sheet.matters(other) and name in needs(slot)
            for other, slot in self._script.slots.items()
            if slot.options
        )

    def choose(self, *offers: Offer) -> None:
        """Take choices that were on the table, all for one slot."""
        filling.choose(self._sheet, offers)

    def enough(self) -> bool:
        """Close the list to which the customer was asked for more; whether there was one."""
        return filling.close(self._sheet)

    def put_asked(self, value: str) -> None:
        """Take a value for the open question; of a list, for every place that has none."""
        filling.put_asked(self._sheet, value)

    def narrow(self, offers: list[Offer]) -> Step:
        """Ask again with fewer of the choices that were on the table."""
        return self._asking.choose(offers[0].slot, tuple(offers))

    def clear(self, name: str) -> None:
        """Forget a slot and what depended on it."""
        self._sheet.clear(name)

    def decline(self, name: str) -> None:
        """Note that what was found for a slot is not wanted."""
        self._sheet.decline(name)

    def receive(self, name: str, facts: Mapping[str, Any]) -> None:
        """Settle a slot with what the company told."""
        awaits = self._script.slots[name].awaits
        assert awaits is not None  # noqa: S101 - only such slots are waited for
        value = str(words.evaluate(awaits.value, self._sheet.names(**facts)))
        self._sheet.fill(name, value, value, facts)

    def acknowledged(self, slots: Iterable[str]) -> list[str]:
        """What slots hold now, as it is told back to the customer."""
        return acknowledging.acknowledged(self._sheet, slots, self._phrases.told)

    def is_true(self, condition: str, facts: Mapping[str, Any]) -> bool:
        """Whether a condition over the task and what the company told holds."""
        return bool(words.evaluate(condition, self._sheet.names(**facts)))

    def reopen(self, name: str) -> None:
        """Forget a slot, so that it is asked for and not taken from where it came."""
        self._sheet.clear(name)
        if name not in self._task.asked:
            self._task.asked.append(name)

    def explain(
        self,
        note: str,
        facts: Mapping[str, Any] = MappingProxyType({}),
        *,
        slot: str = "",
        reason: str = "",
    ) -> None:
        """Say this line before whatever comes next; with a slot, that its value was refused."""
        self._asking.note(self._sheet.say(note, **facts), reason=reason)
        if slot:
            self._sheet.clear(slot)
            # Who says another value does not mean the default.
            if slot not in self._task.asked:
                self._task.asked.append(slot)

    async def advance(self) -> Step:
        """Go on until the customer has to say something, or the task is over."""
        if self._task.under_way is not None:
            step = await self.look()
            if step is not None:
                return step
        self._task.stalled, open_slot = False, None
        try:
            for _ in range(_ROUNDS):
                open_slot = self._sheet.next_open()
                if open_slot is None:
                    if step := self._settling.recheck():
                        return step
                    if self._sheet.next_open():
                        continue
                    if self._script.confirmed_by:
                        return await self.commit()
                    if self._script.answer.changes_something:
                        return self._asking.confirm()
                    return await self._finish()
                step = await self._settling.settle(open_slot, self._script.slots[open_slot])
                if step is not None:
                    return step
        except Unavailable:
            return self._stall(open_slot)
        raise RuntimeError(f"the script {self._script.intent} does not settle")

    def _stall(self, open_slot: str | None) -> Step:
        """The company's system does not answer: what the customer told is kept, if it was any."""
        text = self._phrases.unavailable_answer
        if open_slot is None or not self._task.given:
            return self._asking.over(text, reject="unavailable")
        self._task.stalled = True
        # Never the confirmation: a yes would do what is not looked up again.
        asked = self._task.asking
        asks = asked if asked in self._script.slots else open_slot
        return self._asking.step(text, asks=asks, reject="unavailable")

    def shared(self) -> dict[str, str]:
        """What a business in the middle of this one may use of it."""
        return self._sheet.shares()

    def names(self) -> dict[str, Any]:
        """What expressions of the script may use now."""
        return self._sheet.names()

    async def look(self) -> Step | None:
        """See what came of the effect that is under way; None where the task goes on."""
        return await self._outcomes.look()

    async def news(self) -> Step | None:
        """The words of what came of the effect that is under way; None while nothing has."""
        return await self._outcomes.news()

    async def look_before_stop(self, wish: dict[str, Value] | None) -> Step:
        """Ask whether to stop what is under way, unless it has come out or cannot be stopped."""
        step = await self.advance()
        if self._task.under_way is None:
            return step
        return self._outcomes.ask_to_stop(wish) or step

    async def stop(self) -> Step:
        """Stop what is under way, and go on with what the customer wished instead."""
        return await self._outcomes.stop() or await self.advance()

    async def ask_again(self, name: str) -> Step:
        """Ask for a slot that was settled, without taking its default or only choice."""
        options = self._script.slots[name].options
        if options is None:
            return await self._asking.ask(name)
        arguments = self._sheet.arguments(options.arguments, said=None)
        rows = await self._query(options.query, arguments)
        return self._asking.choose(
            name, self._asking.offers(name, rows, options.value, options.label)
        )

    async def commit(self) -> Step:
        """Do what was confirmed. A refusal goes back to the question that it concerns."""
        try:
            return await self._finish()
        except Unavailable:
            self._task.in_flight = None
            return self._asking.step(self._phrases.unavailable, asks=CONFIRM, reject="unavailable")

    async def _finish(self) -> Step:
        return await self._finishing.finish() or await self.advance()
