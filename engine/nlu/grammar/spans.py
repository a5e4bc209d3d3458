"""Which places of an utterance are taken, asked in logarithmic time however many there are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from engine.nlu.parse import Entity


class Spans:
    """Entities that do not overlap, found by place.

    A message may be an attack of a hundred thousand characters: nothing here walks over them all.
    """

    def __init__(self, entities: Iterable[Entity] = ()) -> None:
        self._starts: list[int] = []
        self._entities: list[Entity] = []
        for entity in entities:
            self.add(entity)

    def add(self, entity: Entity) -> bool:
        """Keep an entity whose place is free; False where it is not."""
        if self.at(entity.start, entity.end):
            return False
        index = bisect_left(self._starts, entity.start)
        self._starts.insert(index, entity.start)
        self._entities.insert(index, entity)
        return True

    def at(self, start: int, end: int) -> Entity | None:
        """An entity that shares a position with ``[start:end]``."""
        index = bisect_left(self._starts, end) - 1
        if index >= 0 and self._entities[index].end > start:
            return self._entities[index]
        return None

    def before(self, position: int) -> Entity | None:
        """The last entity that starts at or before a position."""
        index = bisect_right(self._starts, position) - 1
        return self._entities[index] if index >= 0 else None

    def __iter__(self) -> Iterator[Entity]:
        return iter(self._entities)


def longest_first(entities: Iterable[Entity]) -> list[Entity]:
    """Entities without overlap, by place: the longer one stays, of equals the earlier one."""
    found = list(entities)
    if len(found) < 2:
        return found
    kept = Spans(sorted(found, key=lambda each: (each.start - each.end, each.start)))
    return list(kept)
