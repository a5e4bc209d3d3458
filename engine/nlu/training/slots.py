"""From phrases with marked slots to a tagger; and how many slots are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from engine.nlu import dataset
from engine.nlu.example import Example
from engine.nlu.folding import fold
from engine.nlu.parse import Entity
from engine.nlu.recognizer import Recognizer
from engine.nlu.tagging.tagger import Tagger
from engine.nlu.training import tagging
from engine.nlu.training.tagging import Marked

#: A fixed day, for training must not depend on the day it runs.
DAY = datetime(2026, 1, 5, 2, tzinfo=UTC)

Slot = tuple[int, int, str]


def tagger(
    examples: Sequence[Example],
    clues: Sequence[tuple[str, Sequence[Entity]]],
    paths: Iterable[Path],
    recognizer: Recognizer,
    progress: Callable[[str], None],
) -> Tagger | None:
    """The tagger of the slots that are marked in the examples; None where none is.

    ``clues`` are an intent for each, guessed by models that did not see the phrase, for serving has
    no better ones, and its typed entities; ``paths`` are where hints are looked for. Of slots that
    overlap, the longest are learned.
    Raises `DatasetError` for hints that cannot be read.
    """
    if not any(example.entities for example in examples):
        return None
    progress("learning slots")
    phrases = [
        marked(example, intent, entities, recognizer)
        for example, (intent, entities) in zip(examples, clues, strict=True)
    ]
    if lost := sum(len(e.entities) for e in examples) - sum(len(p.slots) for p in phrases):
        progress(f"{lost} slots overlap longer ones and are passed over")
    return tagging.fit(phrases, dataset.hints(paths, examples))


def marked(
    example: Example, intent: str, entities: Sequence[Entity], recognizer: Recognizer
) -> Marked:
    """An example as the tagger sees it."""
    folded = fold(example.text)
    return Marked(folded, recognizer.cut(folded), entities, intent, apart(slots_of(example)))


def slots_of(example: Example) -> list[Slot]:
    """(start, end, type) of what is marked, by position."""
    return sorted((entity.start, entity.end, entity.type) for entity in example.entities)


def apart(slots: Sequence[Slot]) -> list[Slot]:
    """Slots without overlap: the longest, of equals the first."""
    taken: list[Slot] = []
    for start, end, kind in sorted(slots, key=lambda slot: (slot[0] - slot[1], slot[0])):
        if all(end <= left or right <= start for left, right, _ in taken):
            taken.append((start, end, kind))
    return sorted(taken)


def f1(truth: Sequence[Iterable[Slot]], guess: Sequence[Iterable[Slot]]) -> float:
    """The F1 of slots with exactly the right place and type, over all utterances together."""
    right = expected = found = 0
    for mine, other in zip(map(set, truth), map(set, guess), strict=True):
        right += len(mine & other)
        expected += len(mine)
        found += len(other)
    return 2 * right / max(expected + found, 1)
