"""Faults that a network and a platform really have, switched on to try a provider."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields

from engine.relay.errors import RelayError

#: Seconds that a message is held back so that those after it overtake it.
HELD_BACK = 2.0

#: Seconds that a request may be delayed at most.
LONGEST_DELAY = 60.0


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong: `delay` in seconds, all others as the part of requests, 0 to 1, it befalls.

    `delay` comes before each request; `duplicate` sends a request twice at the same time; `reorder`
    holds a message back before its first try; `drop` loses the provider's answer on its way.
    `chance` gives numbers from 0 up to 1 and is passed in for tests.
    """

    delay: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    drop: float = 0.0
    chance: Callable[[], float] = field(default=secrets.SystemRandom().random)

    def befalls(self, part: float) -> bool:
        """Whether it happens this time."""
        return self.chance() < part

    def before(self, number: int) -> float:
        """Seconds that pass before a try with this number reaches the provider."""
        held = number == 1 and self.befalls(self.reorder)
        return self.delay + (HELD_BACK if held else 0.0)

    @property
    def shown(self) -> dict[str, float]:
        """The switches by name."""
        return {name: getattr(self, name) for name in _SWITCHES}


#: A network on its best day.
NO_FAULTS = Faults()

_SWITCHES = tuple(each.name for each in fields(Faults) if each.name != "chance")


class Switchboard:
    """The faults of each account, which may change at any time; at first the same for all."""

    def __init__(self, faults: Faults = NO_FAULTS) -> None:
        self._usual = faults
        self._of: dict[str, Faults] = {}

    def of(self, account: str) -> Faults:
        """What befalls the next request to an account."""
        return self._of.get(account, self._usual)

    def set(self, account: str, faults: Faults) -> None:
        """Change what befalls an account from now on."""
        self._of[account] = faults


def parse(switches: Iterable[str]) -> Faults:
    """Faults of options such as `drop=0.3` and `delay=2`. Raises `RelayError` naming the option."""
    found = dict.fromkeys(_SWITCHES, 0.0)
    for switch in switches:
        name, _, value = switch.partition("=")
        if name not in _SWITCHES:
            raise RelayError(f"--fault {switch}: use one of {', '.join(_SWITCHES)} as NAME=NUMBER")
        found[name] = _number(switch, value, most=LONGEST_DELAY if name == "delay" else 1.0)
    return Faults(found["delay"], found["duplicate"], found["reorder"], found["drop"])


def _number(switch: str, value: str, *, most: float) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= most:
        raise RelayError(f"--fault {switch}: give a number from 0 to {most:g}")
    return number
