"""The figures of a simulation."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from engine.replay.simulation.told import Dialog


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
