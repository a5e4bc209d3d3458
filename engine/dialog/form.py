"""Moving one task along: settle its slots in order, ask, confirm, act, answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.business.provider import Refused, Row, Unavailable
from engine.dialog import words
from engine.dialog.asking import Asking
from engine.dialog.phrases import Phrases
from engine.dialog.script import (
    Closing,
    Does,
    Handover,
    Options,
    Refusal,
    Refusals,
    Resolve,
    Script,
    Slot,
)
from engine.dialog.session import CONFIRM, Filled, Offer, Task
from engine.dialog.sheet import Sheet
from engine.dialog.step import Acts, Step

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
    ) -> None:
        self._script = script
        self._task = task
        self._acts = acts
        self._phrases = phrases
        self._sheet = Sheet(script, task, member=member, now=acts.now)
        self._asking = Asking(self._sheet, acts=acts, phrases=phrases)
        self._refusals: set[tuple[str, str]] = set()

    async def _query(self, name: str, arguments: Mapping[str, Any]) -> list[Row]:
        return await self._acts.query(self._script.query_of(name), arguments)

    def put(self, said: Mapping[str, str]) -> list[str]:
        """Take what the customer said for slots; returns the slots that were corrected."""
        return self._sheet.put(said)

    def choose(self, offer: Offer) -> None:
        """Take a choice that was on the table; it is looked up again, as it may be gone by now."""
        self._sheet.put({offer.slot: offer.value})

    def narrow(self, offers: list[Offer]) -> Step:
        """Ask again with fewer of the choices that were on the table."""
        return self._asking.choose(offers[0].slot, tuple(offers))

    def clear(self, name: str) -> None:
        """Forget a slot and what depended on it."""
        self._sheet.clear(name)

    def receive(self, name: str, facts: Mapping[str, Any]) -> None:
        """Settle a slot with what the company told."""
        awaits = self._script.slots[name].awaits
        assert awaits is not None  # noqa: S101 - only such slots are waited for
        value = str(words.evaluate(awaits.value, self._sheet.names(**facts)))
        self._sheet.fill(name, value, value, facts)

    def is_true(self, condition: str, facts: Mapping[str, Any]) -> bool:
        """Whether a condition over the task and what the company told holds."""
        return bool(words.evaluate(condition, self._sheet.names(**facts)))

    def explain(self, note: str, *, slot: str = "", reason: str = "", **names: Any) -> None:
        """Say this line before whatever comes next; with a slot, that its value was refused."""
        self._asking.note(self._sheet.say(note, **names), reason=reason)
        if slot:
            self._sheet.clear(slot)

    async def advance(self) -> Step:
        """Go on until the customer has to say something, or the task is over."""
        try:
            for _ in range(_ROUNDS):
                open_slot = self._next_open()
                if open_slot is None:
                    if self._script.confirmed_by:
                        return await self.commit()
                    if self._script.answer.changes_something:
                        return self._asking.confirm()
                    return await self._finish()
                step = await self._settle(open_slot, self._script.slots[open_slot])
                if step is not None:
                    return step
        except Unavailable:
            return self._asking.over(self._phrases.unavailable_answer, reject="unavailable")
        raise RuntimeError(f"the script {self._script.intent} does not settle")

    async def ask_again(self, name: str) -> Step:
        """Ask for a slot that was settled, without taking its default or only choice."""
        options = self._script.slots[name].options
        if options is None:
            return await self._asking.ask(name)
        rows = await self._query(options.query, self._sheet.arguments(options.arguments))
        return self._asking.choose(
            name, self._asking.offers(name, rows, options.value, options.label)
        )

    def _next_open(self) -> str | None:
        """The first slot that matters and is neither settled nor left to be mentioned."""
        for name, slot in self._script.slots.items():
            if slot.when and not self._sheet.is_true(slot.when, name):
                self._task.slots.pop(name, None)
                continue
            # Once the customer has been asked, silence is no consent to the default.
            if name not in self._task.slots and slot.default and name not in self._task.asked:
                default = words.evaluate(slot.default, self._sheet.names())
                if default:
                    self._task.slots[name] = Filled(said=str(default))
            filled = self._task.slots.get(name)
            if filled is None and (slot.options or slot.ask or slot.does or slot.task):
                return name
            if filled is not None and filled.value is None:
                return name
        return None

    async def _settle(self, name: str, slot: Slot) -> Step | None:
        """Settle one slot; a step when the customer has to say something first."""
        filled = self._task.slots.get(name)
        if slot.task is not None:
            return self._hand_over(name, slot.task)
        try:
            if slot.does is not None:
                return await self._do(name, slot.does)
            if slot.options is not None:
                return await self._list(name, slot.options, filled)
            if filled is None:
                return await self._asking.ask(name)
            if slot.resolve is not None:
                return await self._resolve(name, slot.resolve, filled)
        except Refused as refused:
            call = slot.does or slot.options or slot.resolve
            return self._refused(call.refused if call else {}, refused, name)
        self._sheet.fill(name, filled.said, filled.said)
        return self._check(name)

    def _check(self, name: str) -> Step | None:
        """Try the rules of a slot that was just filled; None where it may stay."""
        for check in self._script.slots[name].check:
            if words.evaluate(check.when, self._sheet.names()):
                return self._refused({"check": check}, Refused("check"), name)
        return None

    def _hand_over(self, name: str, other: Handover) -> Step:
        """Let another script run; where it changed nothing the second time, this one ends."""
        if name in self._task.asked:
            # 「我们接着办…」 is not true any more.
            self._asking.forget_notes()
            return self._asking.over(self._sheet.say(other.otherwise), reject="not_possible")
        self._task.asked.append(name)
        said = self._sheet.say(other.say)
        return self._asking.step(said, starts=other.start, instead=other.instead)

    async def _do(self, name: str, does: Does) -> Step | None:
        """Settle a slot with what an effect gives; each that was done has a key of its own."""
        closing = Closing(effect=does.effect, say="")
        arguments, key = self._sheet.arguments(does.arguments), self._task.key
        self._task.commits += 1
        row = await self._acts.perform(closing, arguments, key)
        value = str(row[does.value])
        self._sheet.fill(name, value, value, row)
        return self._check(name)

    async def _list(self, name: str, options: Options, filled: Filled | None) -> Step | None:
        rows = await self._query(options.query, self._sheet.arguments(options.arguments))
        offers = self._asking.offers(name, rows, options.value, options.label)
        if filled is not None:
            offers = tuple(offer for offer in offers if offer.value == filled.said) or offers
        if len(offers) == 1:
            value = offers[0].value
            self._sheet.fill(name, value, value, offers[0].row)
            return self._check(name)
        if offers:
            return self._asking.choose(name, offers)
        none = options.none or Refusal(say=self._phrases.refused, end=True)
        return self._refused({"none": none}, Refused("none"), name)

    async def _resolve(self, name: str, resolve: Resolve, filled: Filled) -> Step | None:
        arguments = self._sheet.arguments(resolve.arguments, said=filled.said)
        rows = await self._query(resolve.query, arguments)
        if len(rows) > 1 and resolve.pick == "ask":
            return self._asking.choose(
                name, self._asking.offers(name, rows, resolve.value, resolve.label)
            )
        if not rows:
            return self._refused(resolve.refused, Refused("none", said=filled.said), name)
        self._sheet.fill(name, filled.said, str(rows[0][resolve.value]), rows[0])
        return self._check(name)

    def _refused(self, table: Refusals, refused: Refused, name: str) -> Step | None:
        """Explain a refusal and forget what caused it; None where settling goes on."""
        if (name, refused.reason) in self._refusals:
            return self._asking.over("", reject=refused.reason)
        self._refusals.add((name, refused.reason))
        refusal = table.get(refused.reason) or Refusal(say=self._phrases.refused)
        names = self._sheet.names(**{"said": self._sheet.said(name), **refused.facts})
        self._asking.note(words.say(refusal.say, names), reason=refused.reason)
        offered = words.evaluate(refusal.offer, names) if refusal.offer else None
        cleared = [slot for slot in refusal.clear or (name,) if slot in self._task.slots]
        for slot in cleared:
            self._sheet.clear(slot)
            if slot not in self._task.asked:
                self._task.asked.append(slot)
        if refusal.end or not cleared:
            return self._asking.over("", reject=refused.reason)
        if offered:
            return self._asking.instead(cleared[0], offered)
        return None

    async def commit(self) -> Step:
        """Do what was confirmed. A refusal goes back to the question that it concerns."""
        try:
            return await self._finish()
        except Unavailable:
            self._task.in_flight = None
            return self._asking.step(self._phrases.unavailable, asks=CONFIRM, reject="unavailable")

    async def _finish(self) -> Step:
        answer = self._script.answer
        arguments = self._sheet.arguments(answer.arguments)
        try:
            if answer.query:
                rows = await self._query(answer.query, arguments)
                result = rows[0] if rows else None
            elif answer.changes_something:
                rows = []
                result = await self._acts.perform(answer, arguments, self._task.key)
            else:
                rows, result = [], None
        except Refused as refused:
            return await self._finish_refused(refused)
        names = {"result": result, "row": result, "rows": rows}
        text = words.say(answer.say, self._sheet.names(**names))
        picture = await self._asking.picture(answer.picture, **names) if answer.picture else None
        link = words.say(answer.link, self._sheet.names(**names))
        return self._asking.step(text, done=True, picture=picture, link=link)

    async def _finish_refused(self, refused: Refused) -> Step:
        self._task.commits += 1
        self._task.in_flight = None
        last = next(reversed(self._task.slots), "")
        step = self._refused(self._script.answer.refused, refused, last)
        return step or await self.advance()
