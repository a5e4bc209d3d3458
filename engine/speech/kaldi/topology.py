"""The transition model of CTC (`hmm/transition-model.cc`): one state for every phone.

A phone is entered by its forward transition and held by its self-loop, and both give the same
output of the network. Phones are numbered from 1, transitions too: a phone p has `loop(p)` and
`forward(p)`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.speech.errors import BadKaldiFile
from engine.speech.kaldi.binary import Reader, integer, integers, number, token, vector

#: Not used in decoding, where the graph has the costs; Kaldi wants them to sum to one.
_STAY = 0.5

#: Of Kaldi's description of a phone: a state that gives outputs, then one that only ends.
_STATES, _EMITTING, _END = 2, 0, -1


def loop(phone: int) -> int:
    """The transition that stays in a phone."""
    return 2 * phone - 1


def forward(phone: int) -> int:
    """The transition that enters a phone."""
    return 2 * phone


def written(outputs: Sequence[int]) -> bytes:
    """A transition model of ``len(outputs)`` phones: which output of the network each one is."""
    phones = range(1, len(outputs) + 1)
    triples = (integer(phone) + integer(0) + integer(outputs[phone - 1]) for phone in phones)
    chances = [0.0, *(np.log([_STAY, 1 - _STAY]).tolist() * len(outputs))]
    return b"".join(
        (
            token("<TransitionModel>") + _topology(len(outputs)),
            token("<Triples>") + integer(len(outputs)) + b"".join(triples) + token("</Triples>"),
            token("<LogProbs>") + vector(chances) + token("</LogProbs>"),
            token("</TransitionModel>"),
        )
    )


def read(reader: Reader) -> tuple[int, ...]:
    """The outputs that were given to `written`. Raises `BadKaldiFile`."""
    reader.expect("<TransitionModel>")
    start = reader.at
    reader.until(token("<Triples>"))
    count = reader.integer()
    triples = [(reader.integer(), reader.integer(), reader.integer()) for _ in range(count)]
    if [triple[:2] for triple in triples] != [(phone, 0) for phone in range(1, count + 1)]:
        raise BadKaldiFile("not one state for each phone", at=reader.at)
    reader.until(token("</TransitionModel>"))
    outputs = tuple(triple[2] for triple in triples)
    if not written(outputs).endswith(reader.since(start)):
        raise BadKaldiFile("not the topology of CTC", at=start)
    return outputs


def _topology(phones: int) -> bytes:
    emitting = integer(_EMITTING) + integer(2) + integer(0) + number(_STAY)
    emitting += integer(1) + number(1 - _STAY)
    return b"".join(
        (
            token("<Topology>") + integers(range(1, phones + 1)),
            # All phones share the first and only description.
            integers([-1, *[0] * phones]) + integer(1),
            integer(_STATES) + emitting + integer(_END) + integer(0),
            token("</Topology>"),
        )
    )
