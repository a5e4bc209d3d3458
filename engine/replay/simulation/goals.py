"""The file of customers: `data/simulation/customers.yaml`, and `docs/simulate.md` about it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from engine import assets
from engine.replay.errors import ReplayError

#: What a case says of the customer and not of the goal.
MEMBER = "member"


class Goal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What customers of one kind want, as ``done`` names it, and how they say it.

    A customer is one of the ``cases``: values by the name of a slot, said in place of ``{name}``.
    ``wrong`` are values that some name first. ``turns`` is how many messages it takes at least.
    ``effect`` is what has to be done, with the facts that ``must`` names; ``without_yes`` are
    effects that need no confirmation. ``afterwards`` happens at the company when it is done.
    """

    done: str
    turns: int
    cases: tuple[dict[str, str], ...]
    whole: tuple[str, ...]
    part: tuple[str, ...]
    bare: tuple[str, ...]
    answers: dict[str, tuple[str, ...]]
    corrections: dict[str, tuple[str, ...]]
    effect: str = ""
    must: dict[str, str] = {}
    without_yes: tuple[str, ...] = ()
    wrong: dict[str, tuple[str, ...]] = {}
    afterwards: dict[str, str] = {}


class World(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All goals, what customers are like, and what they say whatever they want."""

    clock: datetime
    traits: dict[str, int]
    yes: tuple[str, ...]
    doubts: tuple[str, ...]
    no_person: tuple[str, ...]
    back: tuple[str, ...]
    digressions: tuple[str, ...]
    abuse: tuple[str, ...]
    silences: tuple[str, ...]
    slips: dict[str, tuple[str, ...]]
    goals: dict[str, Goal]


def load(file: Path | None = None) -> World:
    """Read the customers; raises `ReplayError`."""
    path = file or assets.data() / "simulation" / "customers.yaml"
    try:
        told: Any = msgspec.yaml.decode(path.read_bytes())
        return msgspec.convert(told, World, strict=False)
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise ReplayError(f"{path}: {error}") from error
