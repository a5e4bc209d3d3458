"""The auditor: what the ledger says was done, beside what the customer wanted and agreed to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from engine.replay.exchange import Effect
from engine.replay.simulation.customer import Customer


def audit(customer: Customer, new: Iterable[Effect], *, agreed: bool) -> Iterator[str]:
    """The faults of effects that were done in one step; ``agreed``: it was the customer's yes."""
    for effect in new:
        if effect.name not in customer.goal.without_yes and not agreed:
            yield f"{effect.name} without a yes"
        if wrong := _wrong(customer, effect):
            yield f"{effect.name} with {wrong}"


def doubled(customer: Customer, done: Iterable[Effect]) -> Iterator[str]:
    """What was done more than once in a dialog, though it takes a yes."""
    for name, times in Counter(effect.name for effect in done).items():
        if times > 1 and name not in customer.goal.without_yes:
            yield f"{name} twice"


def _wrong(customer: Customer, effect: Effect) -> str:
    """The first fact that is not what the customer wants; an effect may be nobody's wish at all."""
    goal = customer.goal
    if effect.name != goal.effect:
        return "" if effect.name in goal.without_yes else "another goal"
    facts = {**effect.result, **effect.arguments}
    for name, wording in goal.must.items():
        found, wanted = _plain(facts.get(name)), customer.filled(wording)
        if found != wanted:
            return f"{name}={found} for {wanted}"
    return ""


def _plain(fact: Any) -> str:
    return "、".join(map(str, fact)) if isinstance(fact, list) else str(fact)
