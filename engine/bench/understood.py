"""What comes of voice messages: heard as a dialog would hear them, then understood.

A row of the manifest is a message. One of an entity's kind answers the question for it, and is
heard with that kind expected; any other opens a conversation.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime
from pathlib import Path

from engine.bench.server import BenchError
from engine.dialog.moment.expecting import expect
from engine.dialog.scripts.loading import Scripts
from engine.dialog.state.session import Session
from engine.hearing import answering
from engine.mind import holding
from engine.nlu.interpreter import Interpreter
from engine.nlu.parse import Parse
from engine.speech.context.kinds import kinds
from engine.speech.ears import Ears
from engine.speech.errors import SpeechError
from engine.speech.expected import Expected
from engine.speech.heard import Heard

_PAUSES = re.compile("[，。？！、 ]")


@dataclass(frozen=True, slots=True)
class Message:
    """A recording, and what it means."""

    path: Path
    text: str
    kind: str
    intent: str
    slots: dict[str, str | list[str]]


@dataclass(slots=True)
class Tally:
    """Messages of one kind. ``caught`` are numbers that are wrong, but would be read back."""

    messages: int = 0
    same: int = 0
    intents: int = 0
    intents_right: int = 0
    slots: int = 0
    slots_right: int = 0
    caught: int = 0
    unheard: int = 0


@dataclass(slots=True)
class Outcome:
    """All kinds."""

    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def whole(self) -> Tally:
        """All kinds together."""
        every = self.kinds.values()
        return Tally(*(sum(column) for column in zip(*map(astuple, every), strict=True)))

    def add(self, message: Message, heard: Heard | None, parse: Parse, floor: float) -> None:
        """One more message; below ``floor`` a number is read back."""
        tally = self.kinds[message.kind]
        tally.messages += 1
        tally.unheard += heard is None
        tally.same += heard is not None and heard.text == _PAUSES.sub("", message.text)
        if message.intent:
            tally.intents += 1
            tally.intents_right += parse.intent.name == message.intent
        if message.slots:
            found = {(entity.type, entity.value) for entity in parse.entities}
            right = found >= set(_values(message))
            tally.slots += 1
            tally.slots_right += right
            tally.caught += not right and (heard is None or _worst(heard) < floor or not found)


def _values(message: Message) -> Iterator[tuple[str, str]]:
    for kind, value in message.slots.items():
        yield from ((kind, one) for one in ([value] if isinstance(value, str) else value))


def _worst(heard: Heard) -> float:
    return min((word.confidence for word in heard.words), default=heard.confidence)


def messages_in(manifest: Path) -> list[Message]:
    """The rows of a manifest: file, text, kind, intent, slots (JSON); raises `BenchError`."""
    try:
        with manifest.open(encoding="utf-8", newline="") as lines:
            return [
                Message(
                    manifest.parent / row["file"],
                    row["text"],
                    row["kind"],
                    row["intent"],
                    json.loads(row["slots"] or "{}"),
                )
                for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            ]
    except (OSError, KeyError, ValueError) as error:
        raise BenchError(f"{manifest} cannot be used: {error}") from error


async def listen(
    messages: Sequence[Message],
    ears: Ears,
    interpreter: Interpreter,
    scripts: Scripts,
    *,
    now: datetime,
    told: Callable[[Message, Heard | None], None] = lambda message, heard: None,
) -> Outcome:
    """Hear and understand every message, at a moment that dates and times count from."""
    outcome = Outcome()
    idle = expect(scripts, Session())
    floor = scripts.phrases.voice.floors.value
    for message in messages:
        answers = message.kind in kinds()
        expected = Expected(frozenset({message.kind})) if answers else idle
        try:
            heard = await ears.hear(message.path.read_bytes(), expected)
            heard = answering(heard, holding(interpreter, expected, now))
        except SpeechError:
            heard = None
        outcome.add(message, heard, interpreter.parse(heard.text if heard else "", now=now), floor)
        told(message, heard)
    return outcome
