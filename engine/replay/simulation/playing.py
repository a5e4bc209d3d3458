"""Simulated dialogs, played through the real engine, and what an auditor says of each."""

from __future__ import annotations

import random
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
import yaml

from engine.message import Inbound
from engine.replay.simulation.customer import Customer, Says, Waits
from engine.replay.simulation.goals import World
from engine.replay.stage import ACCOUNT, Effect, Exchange, Stage, Troupe
from engine.replay.transcript import Happening, Transcript

#: A dialog this many times as long as its shortest one must have offered a person.
TOO_LONG = 3
#: After this many times as long nobody goes on.
_PATIENCE = 6
_PERSON = ("人工", "客服")


@dataclass(slots=True)
class Dialog:
    """One dialog and what came of it. ``faults`` are told by name; ``error`` is a traceback."""

    number: int
    goal: str
    traits: tuple[str, ...]
    member: str
    clock: str
    steps: list[dict[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    reached: bool = False
    messages: int = 0
    faults: list[str] = field(default_factory=list)
    error: str = ""

    def as_transcript(self) -> str:
        """In the format of `docs/replay.md`, with what was answered as comments."""
        head: dict[str, Any] = {
            "format": 1,
            "name": f"模拟-{self.goal}-{self.number}",
            "clock": self.clock,
            "user": {"id": "u-sim", **({"member": self.member} if self.member else {})},
        }
        shown = yaml.safe_dump(head, allow_unicode=True, sort_keys=False)
        lines = [f"# {', '.join(self.faults) or 'reached'}; traits: {', '.join(self.traits)}"]
        lines += [shown.rstrip(), "steps:"]
        for step, said in zip(self.steps, self.said, strict=False):
            lines.append("  - " + yaml.safe_dump(step, allow_unicode=True).strip())
            lines += [f"    # {line}" for line in said.splitlines()]
        return "\n".join(lines)


class _Play:
    """One customer on a stage."""

    def __init__(self, stage: Stage, customer: Customer, dialog: Dialog) -> None:
        self._stage = stage
        self._customer = customer
        self._dialog = dialog
        self._offered = False

    async def run(self) -> None:
        """From the first message until the goal is reached, or patience is at its end."""
        goal = self._customer.goal
        action: Says | Waits = self._customer.opens()
        for _ in range(goal.turns * _PATIENCE + 3):
            exchange = await self._act(action)
            self._audit(action, exchange)
            if exchange.effects and goal.afterwards:
                exchange = await self._afterwards()
            if self._is_reached(exchange):
                self._dialog.reached = True
                break
            action = self._customer.goes_on(exchange)
        if not self._dialog.reached:
            self._dialog.faults.append("not reached")
        if self._dialog.messages > TOO_LONG * goal.turns and not self._offered:
            self._dialog.faults.append("long without an offer of a person")

    async def _act(self, action: Says | Waits) -> Exchange:
        stage, dialog = self._stage, self._dialog
        if isinstance(action, Waits):
            dialog.steps.append({"wait": f"{int(action.span.total_seconds() // 60)}m"})
            return self._kept(await stage.wait(action.span))
        dialog.messages += 1
        dialog.steps.append({"say": action.text})
        stage.now += timedelta(seconds=9)
        inbound = Inbound(
            account=ACCOUNT,
            openid=stage.openid,
            key=f"sim-{dialog.messages}",
            at=stage.now,
            text=stage.referred(action.text),
        )
        return self._kept(await stage.send(inbound))

    async def _afterwards(self) -> Exchange:
        facts = {k: self._stage.referred(v) for k, v in self._customer.goal.afterwards.items()}
        self._dialog.steps.append({"business": str(facts)})
        return self._kept(await self._stage.happen(Happening.model_validate(facts)))

    def _kept(self, exchange: Exchange) -> Exchange:
        told = "\n".join(reply.text for reply in exchange.shown)
        buttons = [button.label for reply in exchange.shown for button in reply.buttons]
        self._dialog.said.append(told)
        self._offered = self._offered or any(
            word in text for word in _PERSON for text in (told, *buttons)
        )
        return exchange

    def _audit(self, action: Says | Waits, exchange: Exchange) -> None:
        """The ledger is what counts, whatever the dialog says of itself."""
        agreed = isinstance(action, Says) and action.agrees
        for effect in exchange.effects:
            self._dialog.effects.append(effect.name)
            if effect.name not in self._is_free() and not agreed:
                self._dialog.faults.append(f"{effect.name} without a yes")
            if wrong := self._wrong(effect):
                self._dialog.faults.append(f"{effect.name} with {wrong}")
        doubled = [n for n, times in Counter(self._dialog.effects).items() if times > 1]
        if set(doubled) - self._is_free():
            self._dialog.faults.append(f"{doubled[0]} twice")

    def _is_free(self) -> frozenset[str]:
        """Effects that a customer agrees to by asking for them: a code, and what it proves."""
        return frozenset({"members.send_code", "members.bind", "members.resend_code"})

    def _wrong(self, effect: Effect) -> str:
        """An argument that is not what the customer wants."""
        case = self._customer.case
        if effect.name in self._is_free():
            return ""
        if effect.name != self._customer.goal.effect:
            return "another goal"
        known = {**effect.arguments, **effect.result}
        for name, wanted in case.items():
            found = str(known.get(name, wanted))
            if found != wanted and name in effect.arguments:
                return f"{name}={found}"
        return ""

    def _is_reached(self, exchange: Exchange) -> bool:
        goal, turned = self._customer.goal, exchange.turned
        if turned is None or turned.decision.trace.done != goal.done:
            return False
        return not goal.effect or goal.effect in self._dialog.effects


async def play(world: World, troupe: Troupe, *, seed: int, number: int) -> Dialog:
    """Play one dialog; all of it follows from the seed and its number."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - played, not secret
    names = sorted(world.goals)
    name = names[number % len(names)]
    customer = Customer.drawn(world, world.goals[name], chance)
    dialog = Dialog(
        number, name, tuple(sorted(customer.traits)), customer.member, world.clock.isoformat()
    )
    user = {"id": "u-sim", **({"member": customer.member} if customer.member else {})}
    transcript = Transcript.model_validate(
        {"format": 1, "name": name, "clock": world.clock, "user": user, "steps": [{"say": "-"}]}
    )
    try:
        async with Stage.open(troupe, transcript) as stage:
            await _Play(stage, customer, dialog).run()
    except Exception:
        dialog.error = traceback.format_exc(limit=-4)
        dialog.faults.append("exception")
    return dialog


class Summary(msgspec.Struct, kw_only=True):
    """Figures of a simulation. ``unconfirmed`` counts effects that nobody agreed to or meant."""

    dialogs: int = 0
    reached: int = 0
    unconfirmed: int = 0
    exceptions: int = 0
    long: int = 0
    messages: int = 0
    goals: dict[str, list[int]] = {}
    traits: dict[str, list[int]] = {}

    def add(self, dialog: Dialog) -> None:
        """One more dialog."""
        self.dialogs += 1
        self.reached += dialog.reached
        self.messages += dialog.messages
        self.exceptions += bool(dialog.error)
        for fault in dialog.faults:
            self.long += fault.startswith("long")
            self.unconfirmed += " without a yes" in fault or " with " in fault or " twice" in fault
        for table, keys in ((self.goals, (dialog.goal,)), (self.traits, dialog.traits)):
            for key in keys:
                tally = table.setdefault(key, [0, 0])
                tally[0] += dialog.reached
                tally[1] += 1

    def lines(self) -> Iterator[str]:
        """As a table of text."""
        for title, table in (("goal", self.goals), ("trait", self.traits)):
            for name, (reached, of) in sorted(table.items()):
                yield f"{title:6} {name:16} {reached:5} of {of:5}  {reached / of:7.1%}"
        share = self.reached / max(1, self.dialogs)
        yield f"{self.dialogs} dialogs, {self.messages} messages: {share:.1%} reached their goal"
        yield (
            f"effects that nobody agreed to or meant: {self.unconfirmed}; exceptions: "
            f"{self.exceptions}; long without an offer of a person: {self.long}"
        )
