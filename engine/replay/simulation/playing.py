"""Simulated dialogs, played through the real engine."""

from __future__ import annotations

import random
import traceback
from datetime import timedelta

from engine.message import Inbound
from engine.replay.exchange import ACCOUNT, Exchange
from engine.replay.simulation import auditing
from engine.replay.simulation.customer import Customer, Says, Waits
from engine.replay.simulation.goals import World
from engine.replay.simulation.told import Dialog
from engine.replay.stage import Stage
from engine.replay.transcript import Happening, Transcript
from engine.replay.troupe import Troupe

#: A dialog this many times as long as its shortest one must have offered a person.
TOO_LONG = 3
#: After this many times as long nobody goes on.
_PATIENCE = 6
#: What somebody needs to write the next message.
_BETWEEN = timedelta(seconds=9)


class _Play:
    """One customer on a stage."""

    def __init__(self, stage: Stage, customer: Customer, dialog: Dialog) -> None:
        self._stage = stage
        self._customer = customer
        self._dialog = dialog

    async def run(self) -> None:
        """From the first message until the goal is reached, or patience is at its end."""
        goal, dialog = self._customer.goal, self._dialog
        action: Says | Waits = self._customer.opens()
        for _ in range(goal.turns * _PATIENCE + 3):
            exchange = await self._act(action)
            agreed = isinstance(action, Says) and action.agrees
            dialog.faults += auditing.audit(self._customer, exchange.effects, agreed=agreed)
            if exchange.effects and goal.afterwards:
                exchange = await self._afterwards()
            if self._is_reached(exchange):
                dialog.reached = True
                break
            action = self._customer.goes_on(exchange)
        dialog.faults += auditing.doubled(self._customer, dialog.effects)
        if not dialog.reached:
            dialog.faults.append("not reached")
        if dialog.messages > TOO_LONG * goal.turns and not dialog.offers_person:
            dialog.faults.append("long without an offer of a person")

    async def _act(self, action: Says | Waits) -> Exchange:
        stage, dialog = self._stage, self._dialog
        if isinstance(action, Waits):
            minutes = f"{int(action.span.total_seconds() // 60)}m"
            exchange = await stage.wait(action.span)
            dialog.keep({"wait": minutes}, exchange)
            return exchange
        dialog.messages += 1
        stage.now += _BETWEEN
        inbound = Inbound(
            account=ACCOUNT,
            openid=stage.openid,
            key=f"sim-{dialog.messages}",
            at=stage.now,
            text=stage.referred(action.text),
        )
        exchange = await stage.send(inbound)
        dialog.keep({"say": action.text}, exchange)
        return exchange

    async def _afterwards(self) -> Exchange:
        facts = self._customer.goal.afterwards
        exchange = await self._stage.happen(Happening.model_validate(facts))
        self._dialog.keep({"business": dict(facts)}, exchange)
        return exchange

    def _is_reached(self, exchange: Exchange) -> bool:
        goal, turned = self._customer.goal, exchange.turned
        if turned is None or turned.decision.trace.done != goal.done:
            return False
        return not goal.effect or any(goal.effect == each.name for each in self._dialog.effects)


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
