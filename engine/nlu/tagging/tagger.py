"""Slots of an utterance in two stages: where values begin and end, then what each is.

A first chain labels every character as outside, or as the beginning, inside or end of a value or
a whole one; a second labels the values, in their order, by type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from engine.nlu.folding import fold
from engine.nlu.parse import Entity
from engine.nlu.tagging import spans as looks
from engine.nlu.tagging.chain import Chain, Floats, Links
from engine.nlu.tagging.channels import OFFSETS, REACH, Utterance, channels
from engine.nlu.tagging.hints import Hints
from engine.nlu.tagging.places import LABELS, Places, spans_of
from engine.nlu.tagging.values import Values

#: For so many lengths of a text it is kept where its characters look.
_LENGTHS = 64


@dataclass(frozen=True, slots=True)
class Edges:
    """The first stage: for each channel its symbols, and a table of symbol x offset x label.

    The last row of a table is that of symbols which are not known, and is zero.
    """

    symbols: dict[str, dict[str, int]]
    tables: dict[str, Floats]
    links: Links


@dataclass(frozen=True, slots=True)
class Types:
    """The second stage: types, features, and a table of feature x type."""

    labels: list[str]
    features: dict[str, int]
    table: Floats
    links: Links


class Emissions:
    """What every character's surroundings say for each label, summed over all channels."""

    def __init__(self, edges: Edges) -> None:
        tables = [edges.tables[name] for name in OFFSETS]
        #: One row for each channel, symbol and offset, so that a text takes one look-up.
        self._table = np.concatenate([table.reshape(-1, LABELS) for table in tables])
        self._widths = np.array([[len(offsets)] for offsets in OFFSETS.values()])
        self._starts = np.cumsum([0, *(len(t) * t.shape[1] for t in tables[:-1])])[:, None]
        self._known = [(edges.symbols[n].get, len(edges.tables[n]) - 1) for n in OFFSETS]
        places = [
            (channel, offset, column)
            for channel, offsets in enumerate(OFFSETS.values())
            for column, offset in enumerate(offsets)
        ]
        self._channel, self._offset, self._column = np.array(places).T[:, :, None]
        self._around = lru_cache(_LENGTHS)(self._places)

    def __call__(self, utterance: Utterance) -> Floats:
        """Characters x labels."""
        found = channels(utterance)
        numbers = (
            map(number, found[name], repeat(unknown))
            for name, (number, unknown) in zip(OFFSETS, self._known, strict=True)
        )
        size = len(utterance.text)
        symbols = np.fromiter(chain.from_iterable(numbers), np.intp).reshape(len(OFFSETS), -1)
        rows = symbols * self._widths + self._starts
        # `take` is several times as fast as an index in brackets.
        found = rows.take(self._around(size)) + self._column
        total = np.add.reduce(self._table.take(found, axis=0))
        return np.asarray(total, np.float32)

    def _places(self, size: int) -> NDArray[np.intp]:
        """Where in the symbols of all channels, one after the other, each character looks."""
        at = np.arange(size) + (self._offset + REACH)
        return np.asarray(self._channel * (size + 2 * REACH) + at, np.intp)


class Tagger:
    """Finds the values of slots, as marked phrases have taught."""

    def __init__(
        self, edges: Edges, types: Types, values: Values, hints: Hints | None = None
    ) -> None:
        self.edges = edges
        self.types = types
        self.values = values
        self.hints = hints or Hints()
        self._emissions = Emissions(edges)
        self._places, self._kinds = Places(edges.links), Chain(types.links)

    def __call__(
        self, text: str, words: Sequence[str], entities: Sequence[Entity], intent: str
    ) -> tuple[Entity, ...]:
        """The slots of a text by position, without overlap.

        ``words`` are those of the folded text; ``entities`` its typed values, ``intent`` the
        likeliest one.
        """
        folded = fold(text)
        clues = [*entities, *self.hints.entities(folded)]
        utterance = Utterance(folded, words, clues, intent, self.values.find(folded))
        found = self.spans(utterance)
        kinds = self.kinds(utterance, found)
        return tuple(
            Entity(kind, self.hints.value(text[start:end]), text[start:end], start, end)
            for (start, end), kind in zip(found, kinds, strict=True)
        )

    def spans(self, utterance: Utterance) -> list[looks.Span]:
        """Where the values are."""
        return spans_of(self._places.best(self._emissions(utterance)))

    def kinds(self, utterance: Utterance, found: Sequence[looks.Span]) -> list[str]:
        """The type of every value."""
        if not found:
            return []
        known, table = self.types.features, self.types.table
        rows = []
        for names in looks.features(utterance, found, self.values):
            ids = [known[name] for name in names if name in known]
            rows.append(table[ids].sum(axis=0))
        return [self.types.labels[label] for label in self._kinds.best(np.array(rows))]
