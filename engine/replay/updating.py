"""Transcripts brought to what the engine does now: only the values change, all else stays as it is.

What keeps customers from harm is not changed: effects, what must never be tried, words that must
not be said, pictures by their content. Who changes those has to do it by hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches, unified_diff
from pathlib import Path

import yaml

from engine.dialog.scripts.yaml_lines import Place
from engine.dialog.state.trace import Trace
from engine.replay.faults import Fault
from engine.replay.reading import read
from engine.replay.recording import flow
from engine.replay.running import Played, Run, play
from engine.replay.troupe import Troupe
from engine.replay.words import NONE

#: Keys of `expect` that name what the trace has under the same name.
_TRACED = frozenset({"rule", "intent", "asks", "repair", "reject", "done", "resumes"})
#: Steps are brought up to date one after the other, and a step may change once for each key.
_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Updated:
    """A transcript before and after, and the faults that are for a person to decide."""

    file: Path
    before: str
    after: str
    left: tuple[Fault, ...]

    @property
    def diff(self) -> str:
        """What changes, as a unified diff."""
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        return "".join(unified_diff(before, after, str(self.file), str(self.file)))


async def update(file: Path, troupe: Troupe) -> Updated:
    """Play a transcript and put in what came, until it passes or a person has to decide.

    The file itself is left alone. Raises `TranscriptError`.
    """
    before = after = await asyncio.to_thread(file.read_text, encoding="utf-8")
    source = read(file, before)
    for _ in range(_ROUNDS):
        runs = [Run(source, n) for n in range(source.transcript.wordings)]
        played = [await play(run, troupe) for run in runs]
        faults = tuple(dict.fromkeys(fault for each in played for fault in each.faults))
        change = _agreed(played)
        if not faults or change is None:
            return Updated(file, before, after, faults)
        after = put(after, *change)
        source = read(file, after)
    raise AssertionError(f"{file} does not come to rest")


def _agreed(played: Sequence[Played]) -> tuple[Place, object] | None:
    """The first change that every wording asks for; None where they differ."""
    wanted = [dict(_changes(each)) for each in played]
    for place, value in wanted[0].items():
        if all(place in other and other[place] == value for other in wanted):
            return place, value
    return None


def _changes(played: Played) -> Iterator[tuple[Place, object]]:
    for fault in played.faults:
        exchange = played.exchanges.get(fault.step - 1)
        if exchange is None:
            continue
        place: Place = ("steps", fault.step - 1, "expect")
        if fault.what == "reply":
            yield from _said(played, fault, place, exchange.text)
        elif exchange.turned is not None:
            trace = exchange.turned.decision.trace
            yield from _traced(fault.what, place, trace)


def _traced(what: str, place: Place, trace: Trace) -> Iterator[tuple[Place, object]]:
    key, _, name = what.partition(".")
    if key in _TRACED:
        yield (*place, key), getattr(trace, key) or NONE
    elif key == "then":
        yield (*place, key, name), getattr(trace, name) or NONE
    elif key == "task":
        yield (*place, key), (trace.done if trace.done and trace.resumes else trace.task) or NONE
    elif key == "slots" and name:
        yield (*place, key, name), trace.slots.get(name) or NONE
    elif key == "slots_only":
        yield (*place, key), dict(trace.slots)
    elif key == "changed":
        yield (*place, key), list(trace.changed) or NONE
    elif key == "options":
        yield (*place, key), list(trace.offers) or NONE


def _said(played: Played, fault: Fault, place: Place, text: str) -> Iterator[tuple[Place, object]]:
    """Words that are not said any more become the line of the answer that is most like them."""
    expect = played.run.source.transcript.steps[fault.step - 1].expect
    patterns = (expect.reply if expect else None) or ()
    if fault.expected not in patterns or fault.expected.startswith(("not:", "/")):
        return
    near = get_close_matches(fault.expected.removeprefix("="), text.split("\n"), n=1, cutoff=0.3)
    if near:
        whole = "=" if fault.expected.startswith("=") and near[0] == text else ""
        yield (*place, "reply", patterns.index(fault.expected)), whole + near[0]


def put(text: str, place: Place, value: object) -> str:
    """A YAML text with another value at a place; comments and layout around it stay."""
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    for part in place:
        # One word may stand where a list may stand.
        if not (isinstance(node, yaml.ScalarNode) and part == 0):
            node = _below(node, part)
    if node is None:
        raise KeyError(place)
    start, end = node.start_mark.index, node.end_mark.index
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    return text[:start] + flow(value) + text[end:]


def _below(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        item: yaml.Node = node.value[part]
        return item
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(part)), None)
    return None
