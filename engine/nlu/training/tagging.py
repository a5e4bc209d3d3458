"""Fitting the tagger of slots from phrases with marked values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from engine.nlu.parse import Entity
from engine.nlu.tagging import spans as looks
from engine.nlu.tagging.channels import OFFSETS, REACH, Utterance, channels
from engine.nlu.tagging.hints import Hints
from engine.nlu.tagging.places import FIRST, FOLLOWS, LABELS, LAST, labels_of
from engine.nlu.tagging.tagger import Edges, Tagger, Types
from engine.nlu.tagging.values import Values
from engine.nlu.training import chain
from engine.nlu.training.metrics import Array

EDGE_STRENGTH, TYPE_STRENGTH = 0.3, 0.1
EDGE_ROUNDS, TYPE_ROUNDS = 60, 45
#: A symbol or feature that occurs less often says nothing that others do not say too.
SEEN = 3


@dataclass(frozen=True, slots=True)
class Marked:
    """A folded text with its words, typed entities and likeliest intent, and the slots marked."""

    text: str
    words: Sequence[str]
    entities: Sequence[Entity]
    intent: str
    slots: Sequence[tuple[int, int, str]]


def fit(phrases: Sequence[Marked], hints: Hints) -> Tagger:
    """The tagger of these phrases; at least one must have a slot."""
    marks = [[(p.text[a:b], kind) for a, b, kind in p.slots] for p in phrases]
    values = Values.of([*hints.lookups, *(pair for own in marks for pair in own)])
    utterances = [
        Utterance(
            p.text,
            p.words,
            [*p.entities, *hints.entities(p.text)],
            p.intent,
            values.find(p.text, own),
        )
        for p, own in zip(phrases, marks, strict=True)
    ]
    places = [[(a, b) for a, b, _ in p.slots] for p in phrases]
    edges = _edges(utterances, places)
    kinds = [[kind for _, _, kind in p.slots] for p in phrases]
    types = _types(utterances, places, kinds, marks, values)
    return Tagger(edges, types, values, hints)


def _edges(utterances: Sequence[Utterance], places: Sequence[Sequence[looks.Span]]) -> Edges:
    lengths = [len(utterance.text) for utterance in utterances]
    streams = _streams(utterances)
    symbols = {name: _numbered(stream) for name, stream in streams.items()}
    # Where every character of an utterance stands in a stream, which pads each utterance.
    spots = np.concatenate([np.arange(size) + REACH for size in lengths])
    spots += np.repeat(np.cumsum([0, *lengths[:-1]]) + 2 * REACH * np.arange(len(lengths)), lengths)
    columns: list[Array] = []
    base = 0
    for name, offsets in OFFSETS.items():
        ids = np.array([symbols[name].get(symbol, -1) for symbol in streams[name]])
        for column, offset in enumerate(offsets):
            here = ids[spots + offset]
            columns.append(np.where(here < 0, -1, base + here * len(offsets) + column))
        base += len(symbols[name]) * len(offsets)
    labels = np.array(
        [label for size, own in zip(lengths, places, strict=True) for label in labels_of(size, own)]
    )
    vectors = _sparse(np.array(columns).T, base)
    fitted = chain.fit(
        vectors, labels, lengths, _allowed(), strength=EDGE_STRENGTH, rounds=EDGE_ROUNDS
    )
    return Edges(symbols, _tables(fitted.weights, symbols), fitted.links)


def _streams(utterances: Sequence[Utterance]) -> dict[str, list[str]]:
    """The symbols of all utterances, one after the other, for each channel."""
    streams: dict[str, list[str]] = {name: [] for name in OFFSETS}
    for utterance in utterances:
        for name, symbols in channels(utterance).items():
            streams[name] += symbols
    return streams


def _numbered(names: Iterable[str]) -> dict[str, int]:
    """Those that occur often enough, in order."""
    counts = Counter(names)
    counts.pop("", None)
    kept = sorted(name for name, count in counts.items() if count >= SEEN)
    return {name: index for index, name in enumerate(kept)}


def _tables(weights: Array, symbols: dict[str, dict[str, int]]) -> dict[str, Array]:
    """The weights as a table for each channel, with a row of zeros for what is not known."""
    tables: dict[str, Array] = {}
    base = 0
    for name, offsets in OFFSETS.items():
        shape = (len(symbols[name]), len(offsets), LABELS)
        end = base + shape[0] * shape[1]
        unknown = np.zeros((1, *shape[1:]), np.float32)
        tables[name] = np.concatenate([weights[base:end].reshape(shape), unknown])
        base = end
    return tables


def _sparse(columns: Array, count: int) -> sparse.csr_matrix:
    """Ones at the columns of every row; −1 is none."""
    known = columns >= 0
    ends = np.concatenate([[0], np.cumsum(known.sum(axis=1))])
    indices = columns[known]
    return sparse.csr_matrix((np.ones(len(indices)), indices, ends), (len(columns), count))


def _allowed() -> chain.Allowed:
    steps = np.zeros((LABELS, LABELS), bool)
    for label, following in FOLLOWS.items():
        steps[label, list(following)] = True
    first, last = np.zeros(LABELS, bool), np.zeros(LABELS, bool)
    first[list(FIRST)] = True
    last[list(LAST)] = True
    return chain.Allowed(steps, first, last)


def _types(
    utterances: Sequence[Utterance],
    places: Sequence[Sequence[looks.Span]],
    kinds: Sequence[Sequence[str]],
    marks: Sequence[Sequence[tuple[str, str]]],
    values: Values,
) -> Types:
    labels = sorted({kind for own in kinds for kind in own})
    number = {kind: index for index, kind in enumerate(labels)}
    rows: list[list[str]] = []
    for utterance, own, mine in zip(utterances, places, marks, strict=True):
        rows += looks.features(utterance, own, values, Counter(mine))
    known = _numbered(name for row in rows for name in row)
    ids = [[known[name] for name in row if name in known] for row in rows]
    ends = np.concatenate([[0], np.cumsum([len(row) for row in ids])])
    indices = np.array([index for row in ids for index in row])
    vectors = sparse.csr_matrix((np.ones(len(indices)), indices, ends), (len(ids), len(known)))
    truth = np.array([number[kind] for own in kinds for kind in own])
    lengths = [len(own) for own in places if own]
    allowed = chain.Allowed.everything(len(labels))
    fitted = chain.fit(vectors, truth, lengths, allowed, strength=TYPE_STRENGTH, rounds=TYPE_ROUNDS)
    return Types(labels, known, fitted.weights, fitted.links)
