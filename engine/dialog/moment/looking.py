"""What a rule looks at while one turn is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from engine.business.provider import Row
from engine.dialog.choices.cells import numbered_in
from engine.dialog.choices.contents import points_at_a_time
from engine.dialog.choices.naming import named_instead
from engine.dialog.moment import intending
from engine.dialog.moment.voice import Voice
from engine.dialog.reading import yesno
from engine.dialog.reading.coverage import coverage
from engine.dialog.reading.including import Cues
from engine.dialog.reading.reading import Reading, read
from engine.dialog.reading.vocabulary import FREE_TEXT
from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.phrases import Phrases
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Done, Session, Task
from engine.dialog.state.step import Acts
from engine.dialog.state.trace import Trace
from engine.dialog.task.form import Form
from engine.dialog.wording import words
from engine.message import Button, Inbound, Reply
from engine.nlu.parse import OUT_OF_SCOPE, Entity, Parse

#: A second yes this long after an effect means the same yes, not a new wish.
_JUST_DONE = timedelta(minutes=10)
#: What was told this long ago is no longer what 「这么多」 means.
_FRESH = timedelta(minutes=10)
#: Characters that may stand between a word of correction and the value: 换成(那个)CA1235.
_NEAR = 3
#: What means nothing without a task: acts, and words that no business is known by.
_OF_A_TASK = ("back", "cancel", "restart", "skip", OUT_OF_SCOPE)


@dataclass(slots=True)
class Looking:
    """One turn as rules look at it: what came in, what it means, where the session stands.

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
    consulted: str = ""
    parts: tuple[Parse, ...] = ()
    preface: str = ""
    is_aside: bool = False
    _found: tuple[Parse, str, tuple[str, str]] | None = None

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
        return self._meant()[0]

    @property
    def is_certain(self) -> bool:
        """Whether the intent is no guess: a tap, or words that were trained as they are.

        What other phrases of a company contradict each other in makes these no less certain.
        """
        return self.parse.is_known or self.parse.intent.confidence >= 1.0

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
            carried=self.carried_to(task),
        )

    @property
    def carried(self) -> Mapping[str, str]:
        """What the last finished task passes on, while it is fresh."""
        done = self.session.done
        return done.gives if done and self.acts.now - done.at < _FRESH else {}

    def carried_to(self, task: Task) -> Mapping[str, str]:
        """What a task may use of the last that is over, or of the one that it interrupts."""
        tasks = self.session.tasks
        says_other = any(cue in task.opener for cue in self.phrases.other_cues)
        if says_other or points_at_a_time(task.opener, self.phrases.dayparts):
            # 「办晚上那个」, 「还有一趟也办」 are about another one than the last.
            return {}
        at = tasks.index(task) if task in tasks else 0
        if not at or not self.script_of(tasks[at - 1]).shares:
            return self.carried
        shared = self.form_of(tasks[at - 1]).shared()
        return shared or self.carried

    @property
    def just_done(self) -> Done | None:
        """The effect that a second yes is still about, if there is one."""
        done = self.session.done
        recent = done and done.changed and self.acts.now - done.at < _JUST_DONE
        return done if recent else None

    @property
    def own_name(self) -> str:
        """The customer's name, where the company knows it."""
        return str((self.member or {}).get("name", ""))

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

        Words of one may mean another one that lies within it: 取消值机 is no wish to 值机. With
        nothing running, 「改到周五」 beside such words can be about nothing else.
        """
        return self._meant()[1]

    def _meant(self) -> tuple[str, str]:
        """The intent and the business; rules ask for them again and again."""
        running = self.task.intent if self.task else ""
        if self._found and self._found[0] is self.parse and self._found[1] == running:
            return self._found[2]
        intent = intending.intent_of(self.parse, self.scripts, is_running=self.task is not None)
        is_about_nothing = not running and intent in _OF_A_TASK
        branch = self.scripts.branch("" if is_about_nothing else intent, self.text, running)
        found = intent, branch or (intent if intent in self.scripts.by_intent else "")
        self._found = self.parse, running, found
        return found

    def read(self, *, loose: bool = False) -> Reading:
        """What the utterance says about the slots of the active task."""
        return self.read_of(self.parse.entities, loose=loose)

    def read_of(self, entities: tuple[Entity, ...], *, loose: bool = False) -> Reading:
        """What entities of the utterance say about them."""
        assert self.task is not None  # noqa: S101 - rules ask for it only within a task
        phrases, form = self.phrases, self.form
        if again := yesno.said_again(self.text, self.asked_slot):
            told = Entity("word", again, self.parse.text, 0, len(self.parse.text))
            return Reading({self.task.asking: again}, entities=[told])
        reading = read(
            self.text,
            self._of_no_name(entities),
            self.script,
            self.task,
            loose=loose,
            known=form.known(self.session.offers),
            names=form.names(),
            cues=Cues(phrases.add_cues, phrases.drop_cues, phrases.rather_cues),
        )
        asked = self.task.asking
        if asked in reading.values and any(e.type == "meant" for e in reading.entities):
            other = named_instead(self.text, self.session.offers, reading.values[asked])
            reading.values[asked] = other.value if other else reading.values[asked]
        return reading

    def _of_no_name(self, entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
        """Entities outside of the names of rows: 2号 of 2号场 is no day."""
        names = self.numbered_names()
        return tuple(
            each
            for each in entities
            if not any(start <= each.start and each.end <= end for start, end in names)
        )

    def numbered_names(self) -> list[tuple[int, int]]:
        """Where names stand as rows have them that are on the table, or were chosen: 2号场."""
        chosen = self.task.slots.values() if self.task else ()
        rows = (each.row for each in (*self.session.offers, *chosen) if each.row)
        return numbered_in(self.parse.text, rows)

    def coverage(self, reading: Reading) -> float:
        """How much of the utterance is values."""
        return coverage(self.parse.text, reading.entities)

    def has_cue(self, cues: tuple[str, ...]) -> bool:
        """Whether one of the words stands in the utterance."""
        return intending.has_cue(self.text, cues)

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
            for cue in (*self.phrases.correction_cues, *self.phrases.after_all_cues)
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
