"""Everything a rule looks at while one turn is decided, and the moves that all rules share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from engine.business.provider import Row
from engine.dialog import words
from engine.dialog.form import Form
from engine.dialog.listing import Cues
from engine.dialog.loading import Scripts
from engine.dialog.phrases import Phrases
from engine.dialog.reading import Reading, coverage, read
from engine.dialog.script import Script, Slot
from engine.dialog.session import Done, Offer, Session, Task, Value
from engine.dialog.step import Acts, Step, numbered, plainly
from engine.dialog.vocabulary import FREE_TEXT
from engine.dialog.voice import Voice
from engine.message import Button, Inbound, Reply
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import OUT_OF_SCOPE, Entity, Parse

#: A paused task under more than two others is hard to keep in mind for the customer.
MOST_TASKS = 3
#: A second yes this long after an effect means the same yes, not a new wish.
_JUST_DONE = timedelta(minutes=10)
#: How long a finished task is what 「再来一个」 and 「刚才那个」 refer to, and how many of them.
RECENT = timedelta(minutes=30)
_MOST_PAST = 3
#: What was told this long ago is no longer what 「这么多」 means.
_FRESH = timedelta(minutes=10)
_EVEN_ODDS = 0.5
#: Characters that may stand between a word of correction and the value: 换成(那个)CA1235.
_NEAR = 3


#: How a turn may put right what went wrong before it.
Repair = Literal["correction", "back", "restart", "repeat", "read_back", "follow_up"]


class Trace(msgspec.Struct):
    """What happened in a turn, for logs, transcripts and tests.

    ``slots`` holds values by name, ``changed`` the names of those that are not as they were.
    """

    rule: str = ""
    intent: str = ""
    confidence: float = 0.0
    repair: Repair | Literal[""] = ""
    reject: str = ""
    task: str = ""
    asks: str = ""
    offers: list[str] = []
    done: str = ""
    resumes: str = ""
    slots: dict[str, str] = {}
    changed: list[str] = []
    handoff: str = ""


def values_of(task: Task) -> dict[str, str]:
    """What a task knows, by slot."""
    return {name: _plain(filled.value or filled.said) for name, filled in task.slots.items()}


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else "、".join(filter(None, value))


@dataclass(slots=True)
class Moment:
    """One turn: what came in, what it means, the session that it changes.

    ``is_aside``: what is said leaves the conversation where it was.
    ``voice`` is how a voice message was heard; None for what was typed or has been checked.
    ``elsewhere``: people of the company answer at the platform's own desk.
    """

    session: Session
    inbound: Inbound
    parse: Parse
    scripts: Scripts
    acts: Acts
    member: Row | None
    voice: Voice | None = None
    elsewhere: bool = False
    trace: Trace = field(default_factory=Trace)
    inquiring: str = ""
    parts: tuple[Parse, ...] = ()
    preface: str = ""
    is_aside: bool = False

    @property
    def phrases(self) -> Phrases:
        """The dialog's own words."""
        return self.scripts.phrases

    @property
    def text(self) -> str:
        """What was said."""
        return self.parse.text.strip()

    @property
    def intent(self) -> str:
        """What it means, or `out_of_scope`: less than even odds are no ground to act on."""
        intent = self.parse.intent
        return intent.name if intent.confidence >= _EVEN_ODDS else OUT_OF_SCOPE

    @property
    def task(self) -> Task | None:
        """The active task."""
        return self.session.task

    @property
    def script(self) -> Script:
        """The script of the active task."""
        assert self.task is not None  # noqa: S101 - rules ask for it only within a task
        return self.script_of(self.task)

    def script_of(self, task: Task) -> Script:
        """The script that a task began with."""
        script = self.scripts.version(task.intent, task.version)
        assert script is not None  # noqa: S101 - `catch_up` has brought every task to one
        return script

    @property
    def form(self) -> Form:
        """The active task with its script."""
        assert self.task is not None  # noqa: S101 - rules ask for it only within a task
        return self.form_of(self.task)

    def form_of(self, task: Task) -> Form:
        """A task, paused or not, with its script."""
        return Form(
            self.script_of(task),
            task,
            acts=self.acts,
            phrases=self.phrases,
            member=self.member,
            carried=self.carried,
        )

    @property
    def carried(self) -> Mapping[str, str]:
        """What the last finished task passes on, while it is fresh."""
        done = self.session.done
        return done.gives if done and self.acts.now - done.at < _FRESH else {}

    @property
    def just_done(self) -> Done | None:
        """The effect that a second yes is still about, if there is one."""
        done = self.session.done
        recent = done and done.changed and self.acts.now - done.at < _JUST_DONE
        return done if recent else None

    @property
    def asked_slot(self) -> Slot | None:
        """The slot of the open question; None at the confirmation and without a task."""
        return self.script.slots.get(self.task.asking) if self.task else None

    @property
    def asked(self) -> frozenset[str]:
        """The slots that an answer to the open question may fill."""
        slot = self.asked_slot
        return frozenset((self.task.asking, *slot.also)) if self.task and slot else frozenset()

    @property
    def business(self) -> str:
        """The business that is asked for; nothing where the intent is none.

        Words of one may mean another one that lies within it: 取消值机 is no wish to 值机.
        """
        running = self.task.intent if self.task else ""
        branch = self.scripts.branch(self.intent, self.text, running)
        return branch or (self.intent if self.intent in self.scripts.by_intent else "")

    @property
    def begins_aside(self) -> bool:
        """Whether a business is asked for that begins even while the one around it is running."""
        return bool(self.business) and self.scripts.by_intent[self.business].aside

    def read(self, *, loose: bool = False) -> Reading:
        """What the utterance says about the slots of the active task."""
        return self._read(self.parse.entities, loose=loose)

    def _read(self, entities: tuple[Entity, ...], *, loose: bool) -> Reading:
        assert self.task is not None  # noqa: S101 - rules ask for it only within a task
        phrases, form = self.phrases, self.form
        return read(
            self.text,
            entities,
            self.script,
            self.task,
            loose=loose,
            known=form.known(),
            names=form.names(),
            cues=Cues(phrases.add_cues, phrases.drop_cues),
        )

    def coverage(self, reading: Reading) -> float:
        """How much of the utterance is values."""
        return coverage(self.parse.text, reading)

    def has_cue(self, cues: tuple[str, ...]) -> bool:
        """Whether one of the words stands in the utterance."""
        folded = fold(self.text)
        return any(cue in self.text or cue in folded for cue in cues)

    def takes_several(self) -> bool:
        """Whether the open question is for a list."""
        return self.asked_slot is not None and self.asked_slot.many

    def asks_free_text(self) -> bool:
        """Whether the open question takes any words for an answer."""
        return self.asked_slot is not None and FREE_TEXT in self.asked_slot.type

    def corrects(self, reading: Reading) -> bool:
        """Whether a word such as 换成 or 应该是 stands right before one of the values."""
        return any(
            cue in self.parse.text[max(entity.start - len(cue) - _NEAR, 0) : entity.start]
            for entity in reading.entities
            for cue in self.phrases.correction_cues
        )

    def names_another_task(self) -> bool:
        """Whether the intent is a business other than the active one, and one that has tasks."""
        is_business = self.business != "" and self.business not in self.scripts.faqs
        return is_business and not (self.task and self.task.intent == self.business)

    def say(self, text: str, *buttons: Button, **names: Any) -> Reply:
        """One reply in the dialog's own words."""
        return Reply(text=words.say(text, {"now": self.acts.now, **names}), buttons=buttons)

    def menu(self) -> tuple[Button, ...]:
        """A button for every business, but for those that lie within another one."""
        listed = self.scripts.listed
        return tuple(Button(s.title, f"/{s.intent}") for s in listed if not s.within)

    def bring_up(self, intent: str) -> bool:
        """Make the task of an intent active whose effect is under way, if there is one."""
        for task in self.session.tasks:
            if task.intent == intent and task.under_way is not None:
                self.session.tasks.remove(task)
                self.session.tasks.append(task)
                return True
        return False

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
        reading = self._read(entities, loose=False)
        reading.values = {**self.referred(self.script), **reading.values}
        return await self.fill(reading, opening=self.script.opening)

    async def fill(self, reading: Reading, *, note: str = "", opening: str = "") -> list[Reply]:
        """Put what was said into the slots, explain what was not valid, and go on."""
        form = self.form
        if opening:
            form.explain(opening)
        if self.task is not None:
            self.task.denied = False
        corrected = form.put(reading.values)
        if corrected:
            self.trace.repair = "correction"
        for slot, entity in reading.problems.items():
            form.explain(self._problem(entity), slot=slot, reason=entity.problem)
        step = await form.advance()
        if note and not corrected and not step.reject:
            step = replace(step, text=f"{note}\n{step.text}")
        return await self.follow(step)

    async def receive(self, slot: str, note: str) -> list[Reply]:
        """Fill a slot with what the company told, say so, and go on."""
        form, facts = self.form, self.inbound.facts
        form.receive(slot, facts)
        form.explain(note, **facts)
        return await self.follow(await form.advance())

    def _problem(self, entity: Entity) -> str:
        problems = self.phrases.problems
        named = problems.get(f"{entity.type}.{entity.problem}", problems["default"])
        return problems.get(entity.problem, named)

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
        self.session.offers, self.session.unclear = offers, []
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
        kept = script.again
        if kept is None:
            kept = tuple(task.given if script.answer.changes_something else task.slots)
        done = Done(
            task.intent,
            script.title,
            script.answer.changes_something,
            self.acts.now,
            {name: task.slots[name].said for name in kept if name in task.slots},
            dict(step.gives),
            task.page,
            step.left,
        )
        others = [past for past in self.session.past if past.intent != done.intent]
        self.session.done, self.session.past = done, [done, *others][:_MOST_PAST]

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

    def referred(self, script: Script) -> dict[str, str]:
        """The values of a script's slots that 「刚才那个」 means, as the last tasks gave them."""
        if not self.has_cue(self.phrases.anaphora_cues):
            return {}
        past = [done for done in self.session.past if self.acts.now - done.at < RECENT]
        given = {name: value for done in reversed(past) for name, value in done.gives.items()}
        return {name: given[name] for name in script.slots if name in given}

    def offer_intents(self, text: str, intents: list[str]) -> Reply:
        """Let the customer choose between businesses; what was said is kept for the one chosen."""
        offers = tuple(Offer("", name, self.scripts.by_intent[name].title) for name in intents)
        self.session.offers = list(offers)
        self.session.unclear = list(self.parse.entities)
        return self.say(text, *numbered(offers))
