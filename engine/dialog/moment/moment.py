"""The moves that all rules share: begin a task, fill it, ask, go on, offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import msgspec

from engine.dialog.moment import faulty, referring, remembering
from engine.dialog.moment.apportioning import held_back, told_anew
from engine.dialog.moment.looking import Looking
from engine.dialog.reading import clocks, freely, weekdays
from engine.dialog.reading.coverage import amounts_alone
from engine.dialog.reading.reading import Reading
from engine.dialog.state.session import Offer, Task, Value
from engine.dialog.state.step import Step, numbered, plainly
from engine.dialog.state.trace import values_of
from engine.dialog.wording import words
from engine.message import Reply
from engine.nlu.parse import Entity

#: A paused task under more than two others is hard to keep in mind for the customer.
MOST_TASKS = 3
#: Where values are this much of what begins a task, the loose ones are meant as well.
_NEARLY_ALL = 0.8


@dataclass(slots=True)
class Moment(Looking):
    """One turn with what can be done in it to the session."""

    def bring_up(self, intent: str) -> bool:
        """Make the waiting task of an intent active, if there is one, and whether there was.

        Its effect is under way, or no more is said than its name: 「继续充话费」.
        """
        is_only_named = not self._tells_more(intent)
        for task in self.session.tasks:
            if task.intent == intent and (task.under_way is not None or is_only_named):
                self.session.tasks.remove(task)
                self.session.tasks.append(task)
                return True
        return False

    def _tells_more(self, intent: str) -> bool:
        """Whether a message holds a value for a business, or wishes it for somebody else."""
        slots = self.scripts.by_intent[intent].slots.values()
        kinds = {kind for slot in slots for kind in slot.type}
        is_else = any(slot.own and slot.is_for_another(self.text) for slot in slots)
        return is_else or any(entity.type in kinds for entity in self.parse.entities)

    async def start(
        self,
        intent: str,
        entities: tuple[Entity, ...],
        carry: Mapping[str, Value] = MappingProxyType({}),
    ) -> list[Reply]:
        """Begin a task with what its first utterance already says, and what goes along to it."""
        if len(self.session.tasks) >= MOST_TASKS:
            return [self.say(self.phrases.too_deep, title=self.script.title), *await self.again()]
        if self.task is not None:
            taken = self.scripts.by_intent[intent].takes
            held = {n: filled.said for n, filled in self.task.slots.items() if n in taken}
            carry = {**held, **carry}
        version = self.scripts.by_intent[intent].version
        task = Task(id=self.acts.new_id(), intent=intent, version=version, opener=self.text)
        self.session.tasks.append(task)
        assert self.task is not None  # noqa: S101 - appended above
        self.form.put({name: said for name, said in carry.items() if name in self.script.slots})
        reading = self.told(entities)
        # 「帮我充一下话费 五十」
        alone = self.read_of(amounts_alone(self.text, entities), loose=True)
        reading.values = {**alone.values, **reading.values}
        reading.values = {**referring.referred(self, self.script), **reading.values}
        return await self.fill(reading, opening=self.script.opening)

    def told(self, entities: tuple[Entity, ...]) -> Reading:
        """What is told of a task where more than the open question is answered."""
        loose = self.read_of(entities, loose=True)
        # 「换到前面去」 says what it is to be, however loosely.
        # 「13900138000 五十」 is nothing but what it is to be done with.
        is_told = self.corrects(loose) or self.coverage(loose) >= _NEARLY_ALL
        return loose if is_told else self.read_of(entities)

    async def fill(
        self, reading: Reading, *, aside: bool = False, opening: str = ""
    ) -> list[Reply]:
        """Put what was said into the slots, explain what was not valid, and go on.

        ``aside``: it is no answer to what was asked.
        """
        form = self.form
        if opening:
            form.explain(opening)
        if self.task is not None:
            self.task.denied = False
        values = self._clocked(reading)
        held = held_back(self.script, values)
        corrected = form.put({n: said for n, said in values.items() if n not in held})
        if corrected:
            self.trace.repair = "correction"
        said = reading.values.get(self.task.asking) if self.task else None
        if not freely.is_all(self.text, said, self.asked_slot):
            form.listen(self.text, self.parse.entities, anew=bool(corrected))
        for slot, entity in reading.problems.items():
            note = faulty.told(entity, self.phrases)
            form.explain(note, slot=slot, reason=entity.problem)
        step = form.between(reading.rivals) or await form.advance()
        # Looked up twice, a business that hands over to another one would end.
        if step.reject:
            form.put(held)
        elif not step.starts and (told := told_anew(self, reading, held, asked=step.asks) or held):
            form = self.form
            form.put(told)
            step = await form.advance()
        if aside or corrected:
            step = self._acknowledged(step, reading)
        return await self.follow(step)

    def _acknowledged(self, step: Step, reading: Reading) -> Step:
        """A question with what was noted before it; a read-back and an answer show it."""
        if step.reject or step.asks not in self.script.slots:
            return step
        told = self.form.acknowledged(reading.values)
        values = [value for value in told if value not in step.text]
        if told and not values:
            return step
        note = words.say(self.phrases.noted, {"values": values})
        return replace(step, text=f"{note}\n{step.text}")

    def _clocked(self, reading: Reading) -> dict[str, Value]:
        """What was said, with bare hours, and days of the week, as they are meant."""
        assert self.task is not None  # noqa: S101 - only within a task
        values = weekdays.settled(
            reading.values,
            self.parse.entities,
            self.script,
            before={**self.task.refused, **{n: f.said for n, f in self.task.slots.items()}},
            today=self.acts.now.date(),
            names=self.form.names(),
        )
        return clocks.settled(
            values,
            self.parse.entities,
            self.script,
            names=self.form.names(),
            said=(self.text, *reversed(self.task.heard)),
            dayparts=self.phrases.dayparts,
            now=self.acts.now,
        )

    async def receive(self, slot: str, note: str) -> list[Reply]:
        """Fill a slot with what the company told, say so, and go on."""
        form, facts = self.form, self.inbound.facts
        form.receive(slot, facts)
        form.explain(note, facts)
        return await self.follow(await form.advance())

    async def again(self, note: str = "") -> list[Reply]:
        """Ask the open question again, after a line that says why."""
        form = self.form
        if note:
            form.explain(note)
        return await self.follow(await form.advance())

    async def follow(self, step: Step) -> list[Reply]:
        """Say a step, remember what it put on the table, and go on when its task is over."""
        self.session.offers = list(step.offers)
        self.trace.reject = step.reject or self.trace.reject
        self.record(step.asks)
        if step.starts:
            return await self._hand_over(step)
        if not (step.done or step.ended):
            return step.replies()
        replies = step.replies() if step.text else []
        finished = self.session.tasks.pop()
        if step.done:
            await self.remember(finished, step)
        if step.next and self.task is None:
            return self._offer_next(step, replies)
        return replies + await self.resume(finished=step.done)

    async def _hand_over(self, step: Step) -> list[Reply]:
        """Begin another script before the active task goes on, or in its place."""
        if step.instead:
            self.session.tasks.pop()
        entities = self.parse.entities if step.instead else ()
        said = step.replies() if step.text else []
        for paused in self.session.tasks:
            if paused.intent == step.starts:
                self.session.tasks.remove(paused)
                self.session.tasks.append(paused)
                return said + await self.again()
        return said + await self.start(step.starts, entities)

    def _offer_next(self, step: Step, replies: list[Reply]) -> list[Reply]:
        """Offer what can be done in place of what could not."""
        offers = [
            Offer("", name, self.scripts.by_intent[name].title, carry=dict(step.carry))
            for name in step.next
            if name in self.scripts.by_intent
        ]
        self.session.offers, self.session.wondering = offers, None
        buttons = plainly(tuple(offers))
        return [*replies[:-1], msgspec.structs.replace(replies[-1], buttons=buttons)]

    def record(self, asks: str) -> None:
        """Note in the trace where the active task stands."""
        assert self.task is not None  # noqa: S101 - rules ask for it only within a task
        self.trace.task, self.trace.asks = self.task.intent, asks
        self.trace.slots = values_of(self.task)

    async def remember(self, task: Task, step: Step) -> None:
        """Note that a task was finished, and what may follow on it."""
        script = self.script_of(task)
        if script.answer.changes_something:
            await self._meet_again()
        self.trace.done = task.intent
        remembering.finished(self.session, task, script, step, self.acts.now)

    def drop(self) -> None:
        """Call the active task off; what was said for it stays at hand for second thoughts."""
        script, task = self.script, self.session.tasks.pop()
        remembering.dropped(self.session, task, script, self.acts.now)

    async def _meet_again(self) -> None:
        """See who the customer is after an effect; a paused task may take it from the profile."""
        before, self.member = self.member, await self.acts.member()
        if self.member != before:
            for paused in self.session.tasks:
                paused.asked.clear()

    async def resume(self, *, finished: bool) -> list[Reply]:
        """Return to the paused task below, or ask what else there is."""
        if self.task is None and self.session.later:
            return await self._go_on(finished=finished)
        if self.task is None:
            return [self.say(self.phrases.anything_else)] if finished else []
        self.trace.resumes = self.task.intent
        return await self.again(words.say(self.phrases.resumed, {"title": self.script.title}))

    async def _go_on(self, *, finished: bool) -> list[Reply]:
        """Begin what the customer wanted as well; after a task that came to nothing, ask first."""
        self.parse = wish = self.session.later.pop(0)
        intent = self.business or wish.intent.name
        script = self.scripts.by_intent.get(intent)
        if script is None:
            return []
        if not finished:
            still = words.say(self.phrases.still, {"title": script.title})
            return [self.offer_intents(still, [intent])]
        note = self.say(self.phrases.next, title=script.title)
        return [note, *await self.start(intent, wish.entities)]

    def offer_intents(self, text: str, intents: list[str]) -> Reply:
        """Let the customer choose between businesses; what was said is kept for the one chosen."""
        offers = tuple(Offer("", name, self.scripts.by_intent[name].title) for name in intents)
        self.session.offers = list(offers)
        self.session.wondering = self.parse
        return self.say(text, *numbered(offers))
