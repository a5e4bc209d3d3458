"""Moving one task along: settle its slots in order, ask, confirm, act, answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import structlog

from engine.business.provider import BusinessError, Refused, Row, Unavailable
from engine.dialog import words
from engine.dialog.phrases import Phrases
from engine.dialog.script import (
    Options,
    PictureOf,
    Refusal,
    Refusals,
    Resolve,
    Script,
    Slot,
)
from engine.dialog.session import CONFIRM, Filled, Offer, Task
from engine.dialog.step import Acts, Step, numbered, plainly
from engine.message import Button, Picture
from engine.pictures import PictureError, describe

#: Every round settles or clears a slot; more rounds than this is a script that chases its tail.
_ROUNDS = 40

log = structlog.get_logger(__name__)


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
        self.script = script
        self.task = task
        self._acts = acts
        self._phrases = phrases
        self._member = member
        self._notes: list[str] = []
        self._reject = ""
        self._refusals: set[tuple[str, str]] = set()

    def names(self, **more: Any) -> dict[str, Any]:
        """What words and expressions of the script may use now."""
        filled = {
            name: words.Picked(filled.value, filled.row)
            for name, filled in self.task.slots.items()
            if filled.value is not None
        }
        return {**filled, "member": self._member, "now": self._acts.now, **more}

    def put(self, said: Mapping[str, str]) -> list[str]:
        """Take what the customer said for slots; forget what depended on the old values.

        Returns the slots that had another value before: the corrected ones.
        """
        corrected = []
        for name, value in said.items():
            old = self.task.slots.get(name)
            if old is not None and value in (old.said, old.value):
                continue
            if old is not None and old.value is not None:
                corrected.append(name)
            self.task.slots[name] = Filled(said=value)
            self._forget_dependents(name, keep=said)
        return corrected

    def explain(self, note: str, *, slot: str = "", reason: str = "") -> None:
        """Say this line before whatever comes next; with a slot, that its value was refused."""
        self._notes.append(words.say(note, self.names()))
        self._reject = reason or self._reject
        if slot:
            self.clear(slot)

    def choose(self, offer: Offer) -> None:
        """Take a choice that was on the table; it is looked up again, as it may be gone by now."""
        self.put({offer.slot: offer.value})

    def clear(self, name: str) -> None:
        """Forget a slot and what depended on it."""
        self.task.slots.pop(name, None)
        self._forget_dependents(name)

    def _forget_dependents(self, name: str, *, keep: Collection[str] = ()) -> None:
        for other, slot in self.script.slots.items():
            filled = self.task.slots.get(other)
            if filled is None or other in keep or name not in needs(slot) - {other}:
                continue
            if slot.keep:
                self.task.slots[other] = Filled(filled.said)
            else:
                self.clear(other)

    async def advance(self) -> Step:
        """Go on until the customer has to say something, or the task is over."""
        try:
            for _ in range(_ROUNDS):
                open_slot = self._next_open()
                if open_slot is None:
                    return await self._all_settled()
                step = await self._settle(open_slot, self.script.slots[open_slot])
                if step is not None:
                    return step
        except Unavailable:
            return self._over(self._phrases.unavailable_answer, reject="unavailable")
        raise RuntimeError(f"the script {self.script.intent} does not settle")

    def _next_open(self) -> str | None:
        """The first slot that matters and is neither settled nor left to be mentioned."""
        for name, slot in self.script.slots.items():
            if slot.when and not words.evaluate(slot.when, self.names(**self._said_of(name))):
                self.task.slots.pop(name, None)
                continue
            # Once the customer has been asked, silence is no consent to the default.
            if name not in self.task.slots and slot.default and name not in self.task.asked:
                default = words.evaluate(slot.default, self.names())
                if default:
                    self.task.slots[name] = Filled(said=str(default))
            filled = self.task.slots.get(name)
            if filled is None and (slot.options or slot.ask):
                return name
            if filled is not None and filled.value is None:
                return name
        return None

    def _said_of(self, name: str) -> dict[str, words.Picked]:
        """A slot that was said but is not settled yet, for its own ``when``."""
        filled = self.task.slots.get(name)
        is_open = filled is not None and filled.value is None
        return {name: words.Picked(filled.said, None)} if filled and is_open else {}

    async def _settle(self, name: str, slot: Slot) -> Step | None:
        """Settle one slot; a step when the customer has to say something first."""
        filled = self.task.slots.get(name)
        try:
            if slot.options is not None:
                return await self._list(name, slot.options, filled)
            if filled is None:
                return await self.ask(name)
            if slot.resolve is not None:
                return await self._resolve(name, slot.resolve, filled)
        except Refused as refused:
            call = slot.options or slot.resolve
            return self._refused(call.refused if call else {}, refused, name)
        self.task.slots[name] = Filled(filled.said, filled.said)
        return self._check(name)

    def _check(self, name: str) -> Step | None:
        """Try the rules of a slot that was just filled; None where it may stay."""
        for check in self.script.slots[name].check:
            if words.evaluate(check.when, self.names()):
                return self._refused({"check": check}, Refused("check"), name)
        return None

    async def _list(self, name: str, options: Options, filled: Filled | None) -> Step | None:
        rows = await self._acts.query(options.query, self._arguments(options.arguments))
        offers = self._offers(name, rows, options.value, options.label)
        if filled is not None:
            offers = tuple(offer for offer in offers if offer.value == filled.said) or offers
        if len(offers) == 1:
            value, row = offers[0].value, offers[0].row
            self.task.slots[name] = Filled(value, value, row)
            return self._check(name)
        if offers:
            return self._choose(name, offers)
        none = options.none or Refusal(say=self._phrases.refused, end=True)
        return self._refused({"none": none}, Refused("none"), name)

    async def _resolve(self, name: str, resolve: Resolve, filled: Filled) -> Step | None:
        arguments = self._arguments(resolve.arguments, said=filled.said)
        rows = await self._acts.query(resolve.query, arguments)
        if len(rows) > 1 and resolve.pick == "ask":
            return self._choose(name, self._offers(name, rows, resolve.value, resolve.label))
        if not rows:
            return self._refused(resolve.refused, Refused("none", said=filled.said), name)
        self.task.slots[name] = Filled(filled.said, str(rows[0][resolve.value]), dict(rows[0]))
        return self._check(name)

    def _refused(self, table: Refusals, refused: Refused, name: str) -> Step | None:
        """Explain a refusal and forget what caused it; None where settling goes on."""
        if (name, refused.reason) in self._refusals:
            return self._over("", reject=refused.reason)
        self._refusals.add((name, refused.reason))
        refusal = table.get(refused.reason) or Refusal(say=self._phrases.refused)
        names = self.names(**{"said": self._said(name), **refused.facts})
        self._notes.append(words.say(refusal.say, names))
        self._reject = refused.reason
        offered = words.evaluate(refusal.offer, names) if refusal.offer else None
        cleared = [slot for slot in refusal.clear or (name,) if slot in self.task.slots]
        for slot in cleared:
            self.clear(slot)
            if slot not in self.task.asked:
                self.task.asked.append(slot)
        if refusal.end or not cleared:
            return self._over("", reject=refused.reason)
        if offered:
            self.task.tries = 0
            offers = tuple(Offer(cleared[0], str(value), str(value)) for value in offered)
            return self._step(asks=cleared[0], offers=offers, buttons=plainly(offers))
        return None

    def _said(self, name: str) -> str:
        filled = self.task.slots.get(name)
        return filled.said if filled else ""

    def _offers(self, name: str, rows: list[Row], value: str, label: str) -> tuple[Offer, ...]:
        return tuple(
            Offer(name, str(row[value]), self._label(row, value, label), dict(row)) for row in rows
        )

    def _label(self, row: Row, value: str, label: str) -> str:
        return words.say(label, self.names(row=row, **row)) or str(row[value])

    def _choose(self, name: str, offers: tuple[Offer, ...]) -> Step:
        slot = self.script.slots[name]
        question = self._variant(slot.ask, name) or self._phrases.choose
        return self._step(question, asks=name, offers=offers, buttons=numbered(offers))

    async def ask(self, name: str) -> Step:
        """The question for one slot, in the wording of this try."""
        slot = self.script.slots[name]
        picture = await self._picture(slot.picture) if slot.picture else None
        offers = tuple(Offer(name, c.value, c.label) for c in slot.choices)
        question = self._variant(slot.ask, name)
        return self._step(
            question, asks=name, offers=offers, buttons=plainly(offers), picture=picture
        )

    async def ask_again(self, name: str) -> Step:
        """Ask for a slot that was settled, without taking its default or only choice."""
        options = self.script.slots[name].options
        if options is None:
            return await self.ask(name)
        rows = await self._acts.query(options.query, self._arguments(options.arguments))
        return self._choose(name, self._offers(name, rows, options.value, options.label))

    def _variant(self, variants: tuple[str, ...], asked: str) -> str:
        if not variants:
            return ""
        tries = self.task.tries if self.task.asking == asked else 0
        return words.say(variants[min(tries, len(variants) - 1)], self.names())

    async def _all_settled(self) -> Step:
        if not self.script.answer.changes_something:
            return await self._finish()
        question = self._variant(self.script.confirm, CONFIRM)
        buttons = (Button(self._phrases.yes, "/affirm"), Button(self._phrases.no, "/cancel"))
        return self._step(question, asks=CONFIRM, buttons=buttons)

    async def commit(self) -> Step:
        """Do what was confirmed. A refusal goes back to the question that it concerns."""
        try:
            return await self._finish()
        except Unavailable:
            self.task.in_flight = None
            return self._step(self._phrases.unavailable, asks=CONFIRM, reject="unavailable")

    async def _finish(self) -> Step:
        answer = self.script.answer
        arguments = self._arguments(answer.arguments)
        try:
            if answer.query:
                rows = await self._acts.query(answer.query, arguments)
                result = rows[0] if rows else None
            elif answer.changes_something:
                rows = []
                result = await self._acts.perform(answer, arguments, self.task.key)
            else:
                rows, result = [], None
        except Refused as refused:
            return await self._finish_refused(refused)
        names = {"result": result, "row": result, "rows": rows}
        text = words.say(answer.say, self.names(**names))
        picture = await self._picture(answer.picture, **names) if answer.picture else None
        link = words.say(answer.link, self.names(**names))
        return self._step(text, done=True, picture=picture, link=link)

    async def _finish_refused(self, refused: Refused) -> Step:
        self.task.commits += 1
        self.task.in_flight = None
        last = next(reversed(self.task.slots), "")
        step = self._refused(self.script.answer.refused, refused, last)
        return step or await self.advance()

    async def _picture(self, picture: PictureOf, **names: Any) -> Picture | None:
        """A picture; None without a model, for words without a picture are better than nothing."""
        try:
            if picture.query:
                rows = await self._acts.query(picture.query, self._arguments(picture.arguments))
                names = {**names, "row": rows[0] if rows else None}
            model = words.evaluate(picture.model, self.names(**names))
            if not isinstance(model, Mapping):
                return None
            alt = words.evaluate(picture.words, self.names(**names)) if picture.words else ""
            return Picture(picture.kind, dict(model), str(alt or describe(picture.kind, model)))
        except (BusinessError, PictureError) as error:
            log.warning("no picture", kind=picture.kind, error=str(error))
            return None

    def _arguments(self, expressions: Mapping[str, str], **more: Any) -> dict[str, Any]:
        names = self.names(**more)
        return {key: words.evaluate(text, names) for key, text in expressions.items()}

    def _over(self, text: str, *, reject: str) -> Step:
        return self._step(text, reject=reject, ended=True)

    def _step(self, text: str = "", *, asks: str = "", reject: str = "", **rest: Any) -> Step:
        """A step that says the notes of this turn first and remembers what is asked."""
        if asks:
            self.task.tries = self.task.tries if asks == self.task.asking else 0
            self.task.asking = asks
            if asks not in self.task.asked:
                self.task.asked.append(asks)
        said = "\n".join(filter(None, [*self._notes, text]))
        return Step(text=said, asks=asks, reject=reject or self._reject, **rest)


def needs(slot: Slot) -> set[str]:
    """The names that a slot's queries are asked with."""
    calls = [call for call in (slot.options, slot.resolve) if call is not None]
    texts = [text for call in calls for text in call.arguments.values()]
    return {name for text in texts for name in words.names_in(text, expression=True)}
