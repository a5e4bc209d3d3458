"""One simulated customer: what to say next, after what the engine said."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import timedelta

from engine.dialog.acts.handing import LEAVE
from engine.dialog.state.session import CONFIRM
from engine.replay.exchange import Exchange
from engine.replay.simulation.goals import MEMBER, Goal, World
from engine.speech.spoken.written import spoken

_NAMED = re.compile(r"\{(\w+)\}")
_SPAN = re.compile(r"(\d+)([mh])")
_UNITS = {"m": "minutes", "h": "hours"}
_PHONE = 11
#: The chance that ears that slip do not slip in a message.
_HEARD_RIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Says:
    """The customer says ``text``; ``agrees``: it is the yes to what was read back."""

    text: str
    agrees: bool = False


@dataclass(frozen=True, slots=True)
class Waits:
    """The customer says nothing for a while."""

    span: timedelta


@dataclass(slots=True)
class Customer:
    """Somebody with a goal and traits. The values in ``case`` are what they want in the end."""

    world: World
    goal: Goal
    case: dict[str, str]
    traits: set[str]
    chance: random.Random
    mistaken: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    @classmethod
    def drawn(cls, world: World, goal: Goal, chance: random.Random) -> Customer:
        """A customer of a goal, as chance will have it."""
        case = dict(chance.choice(goal.cases))
        traits = {name for name, share in world.traits.items() if chance.random() * 100 < share}
        customer = cls(world, goal, case, traits, chance)
        if "correcting" in traits:
            customer.mistaken = customer._mistake()
        return customer

    @property
    def member(self) -> str:
        """Who of the company's members it is; empty for a stranger."""
        return self.case.get(MEMBER, "")

    def filled(self, wording: str) -> str:
        """A wording with what is wanted now in place of its ``{name}``."""
        return _NAMED.sub(lambda found: self.case.get(found[1], found[0]), wording)

    def opens(self) -> Says:
        """The first message."""
        goal = self.goal
        wordings = goal.whole
        if "terse" in self.traits and goal.bare:
            wordings = goal.bare
        elif "hasty" not in self.traits and goal.part and self.chance.random() < 0.5:
            wordings = goal.part
        return self._said(self.chance.choice(wordings))

    def goes_on(self, exchange: Exchange) -> Says | Waits:
        """What comes after what the engine said."""
        if aside := self._aside():
            return aside
        turned = exchange.turned
        trace = turned.decision.trace if turned else None
        asks = trace.asks if trace else ""
        if trace and trace.handoff and _is_waited_for(exchange):
            return Says(self.chance.choice(self.world.no_person))
        if asks == CONFIRM and trace:
            return self._confirms(trace.slots)
        if trace and trace.reject and asks in self.case and (offers := _offered(exchange)):
            return self._gives_way(asks, offers)
        if asks in self.goal.answers:
            return self._said(self.chance.choice(self.goal.answers[asks]))
        if asks or (trace and trace.offers):
            return self._chooses(exchange)
        self.asked += 1
        if exchange.inbound is None:
            return Says(self.chance.choice(self.world.back))
        return self._said(self.chance.choice(self.goal.whole))

    def _aside(self) -> Says | Waits | None:
        """A trait takes effect, once."""
        world, chance = self.world, self.chance
        if self._is_time_for("silent"):
            count, unit = _SPAN.fullmatch(chance.choice(world.silences)).groups()  # type: ignore[union-attr]
            return Waits(timedelta(**{_UNITS[unit]: int(count)}))
        if self._is_time_for("digressing"):
            return Says(chance.choice(world.digressions))
        if self._is_time_for("abusive"):
            return Says(chance.choice(world.abuse))
        return None

    def _is_time_for(self, trait: str) -> bool:
        if trait in self.traits and self.chance.random() < 0.5:
            self.traits.discard(trait)
            return True
        return False

    def _confirms(self, slots: dict[str, str]) -> Says:
        """Read what is read back: put right what is not what was meant, else say yes."""
        self.mistaken, mistaken = {}, self.mistaken
        for name, wordings in self.goal.corrections.items():
            if name in mistaken or slots.get(name, self.case[name]) != self.case[name]:
                return self._said(self.chance.choice(wordings))
        if self._is_time_for("doubting"):
            return Says(self.chance.choice(self.world.doubts))
        return Says(self.chance.choice(self.world.yes), agrees=True)

    def _gives_way(self, slot: str, offers: list[str]) -> Says:
        """What is not to be had is wanted no more: a mistake is dropped, or an offer is taken."""
        if slot in self.mistaken:
            self.mistaken = {}
        else:
            self.case[slot] = self.chance.choice(offers)
        return self._said(self.chance.choice(self.goal.answers[slot]))

    def _chooses(self, exchange: Exchange) -> Says:
        """Of what is shown, what names a value of the goal; else the nearest, or say it again."""
        labels = [button.label for reply in exchange.shown for button in reply.buttons]
        fitting = (
            label
            for label in labels
            if any(value in label for value in self.case.values() if value)
        )
        if wanted := next(fitting, ""):
            return Says(wanted)
        trace = exchange.turned.decision.trace if exchange.turned else None
        if labels and trace and (trace.asks or trace.reject):
            return Says(labels[0])
        return self._said(self.chance.choice(self.goal.whole))

    def _mistake(self) -> dict[str, str]:
        names = [name for name in self.goal.wrong if name in self.goal.corrections]
        if not names:
            return {}
        name = self.chance.choice(names)
        others = [value for value in self.goal.wrong[name] if value != self.case[name]]
        return {name: self.chance.choice(others)} if others else {}

    def _said(self, wording: str) -> Says:
        values = self.case | self.mistaken
        text = _NAMED.sub(lambda found: self._form(values.get(found[1], "")), wording)
        return Says(self._slipped(text))

    def _form(self, value: str) -> str:
        """A value as people write or say it."""
        if not value.isdigit() or self.chance.random() < 0.5:
            return value
        if len(value) == _PHONE and self.chance.random() < 0.5:
            return f"{value[:3]} {value[3:7]} {value[7:]}"
        return spoken(value)

    def _slipped(self, text: str) -> str:
        if "slipping" not in self.traits or self.chance.random() < _HEARD_RIGHT:
            return text
        for word, others in self.world.slips.items():
            if word in text:
                return text.replace(word, self.chance.choice(others), 1)
        return text


def _is_waited_for(exchange: Exchange) -> bool:
    """Whether a person is waited for: nothing was said, or a button ends the waiting."""
    buttons = [button.payload for reply in exchange.shown for button in reply.buttons]
    return not exchange.shown or LEAVE in buttons


def _offered(exchange: Exchange) -> list[str]:
    """The values that buttons offer in their own words."""
    trace = exchange.turned.decision.trace if exchange.turned else None
    labels = [button.label for reply in exchange.shown for button in reply.buttons]
    offers = trace.offers if trace else []
    return [value for value in offers if any(value in label for label in labels)]
