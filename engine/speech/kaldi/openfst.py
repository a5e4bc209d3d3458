"""Files of OpenFst: a constant transducer, and one that looks ahead by its output labels.

The formats are those of OpenFst 1.8 (`const-fst.h` version 2, `add-on.h`, `label-reachable.h`) for
arcs over the tropical semiring. Labels are never renumbered, so the word list and the language
model keep theirs.
"""

from __future__ import annotations

import struct

import numpy as np

from engine.speech.errors import BadKaldiFile
from engine.speech.kaldi.binary import Reader
from engine.speech.kaldi.fst import ARC, EPSILON, Fst
from engine.speech.kaldi.reach import Intervals

_MAGIC = 2125659606
_ADD_ON_MAGIC = 446681434
_ARC_TYPE = "standard"
_CONST, _LOOKAHEAD = "const", "olabel_lookahead"
_VERSIONS = {_CONST: 2, _LOOKAHEAD: 1}

#: Bits of `properties.h`: the arcs are at hand, and how their labels are ordered.
_EXPANDED = 0x1
_SORTED = {"input": (0x10000000, 0x20000000), "output": (0x40000000, 0x80000000)}

_STATE = np.dtype(
    [("final", "<f4"), ("at", "<u4"), ("arcs", "<u4"), ("silent_in", "<u4"), ("silent_out", "<u4")]
)


def const(fst: Fst) -> bytes:
    """A transducer as `const`."""
    states = np.zeros(fst.states, _STATE)
    states["final"] = fst.finals
    states["at"], states["arcs"] = fst.offsets[:-1], np.diff(fst.offsets)
    states["silent_in"] = _counts(fst, fst.arcs["input"] == EPSILON)
    states["silent_out"] = _counts(fst, fst.arcs["output"] == EPSILON)
    header = _header(_CONST, _properties(fst), fst.start, fst.states, len(fst.arcs))
    return header + states.tobytes() + fst.arcs.tobytes()


def read_const(data: bytes) -> Fst:
    """The transducer of a `const` file. Raises `BadKaldiFile`."""
    reader = Reader(data)
    fst = _read_const(reader)
    _at_end(reader)
    return fst


def lookahead(fst: Fst, sets: list[Intervals], final_label: int) -> bytes:
    """A transducer sorted by output as `olabel_lookahead`; `sets` are what `reachable` found."""
    body = _header(_LOOKAHEAD, _properties(fst), -1, 0, 0)
    body += struct.pack("<i", _ADD_ON_MAGIC) + const(fst)
    # There is an add-on; it has nothing for the input side and something for the output side.
    body += b"\1\0\1"
    # It is about output labels and keeps no renumbering.
    body += b"\0\0" + struct.pack("<iq", final_label, len(sets))
    return body + b"".join(_written(intervals) for intervals in sets)


def read_lookahead(data: bytes) -> tuple[Fst, list[Intervals], int]:
    """What was given to `lookahead`. Raises `BadKaldiFile`."""
    reader = Reader(data)
    _read_header(reader, _LOOKAHEAD)
    if reader.taken(4) != struct.pack("<i", _ADD_ON_MAGIC):
        raise BadKaldiFile("no add-on", at=reader.at)
    fst = _read_const(reader)
    if reader.taken(5) != b"\1\0\1\0\0":
        raise BadKaldiFile("not an add-on about output labels only", at=reader.at)
    final_label, count = struct.unpack("<iq", reader.taken(12))
    if count != fst.states:
        raise BadKaldiFile(f"{count} sets for {fst.states} states", at=reader.at)
    sets = [_read_intervals(reader) for _ in range(count)]
    _at_end(reader)
    return fst, sets, final_label


def _written(intervals: Intervals) -> bytes:
    flat = [edge for interval in intervals for edge in interval]
    labels = sum(end - begin for begin, end in intervals)
    return struct.pack(f"<q{len(flat)}ii", len(intervals), *flat, labels)


def _read_intervals(reader: Reader) -> Intervals:
    (count,) = struct.unpack("<q", reader.taken(8))
    edges = reader.array("<i4", 2 * count).tolist()
    reader.taken(4)
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def _counts(fst: Fst, chosen: np.ndarray) -> np.ndarray:
    """How many of a state's arcs are chosen, for every state."""
    return np.diff(np.concatenate(([0], np.cumsum(chosen)))[fst.offsets])


def _properties(fst: Fst) -> int:
    bits = _EXPANDED
    for order in ("input", "output"):
        is_sorted, is_not = _SORTED[order]
        bits |= is_sorted if fst.is_sorted(order) else is_not
    return bits


def _header(kind: str, properties: int, start: int, states: int, arcs: int) -> bytes:
    names = b"".join(struct.pack("<i", len(name)) + name.encode() for name in (kind, _ARC_TYPE))
    numbers = struct.pack("<iiQqqq", _VERSIONS[kind], 0, properties, start, states, arcs)
    return struct.pack("<i", _MAGIC) + names + numbers


def _read_header(reader: Reader, kind: str) -> tuple[int, int, int]:
    """Start, states and arcs."""
    expected = _header(kind, 0, 0, 0, 0)
    names = len(expected) - struct.calcsize("<iiQqqq")
    if reader.taken(names) != expected[:names]:
        raise BadKaldiFile(f"not a transducer of type {kind} over {_ARC_TYPE} arcs", at=0)
    version, flags, _, start, states, arcs = struct.unpack("<iiQqqq", reader.taken(40))
    if (version, flags) != (_VERSIONS[kind], 0):
        raise BadKaldiFile(f"version {version} with flags {flags} is not known", at=reader.at)
    return start, states, arcs


def _read_const(reader: Reader) -> Fst:
    start, count, many = _read_header(reader, _CONST)
    states = reader.array(_STATE, count)
    arcs = reader.array(ARC, many)
    offsets = np.concatenate(([0], np.cumsum(states["arcs"], dtype=np.int64)))
    if not (states["at"] == offsets[:-1]).all() or offsets[-1] != many:
        raise BadKaldiFile("the arcs are not where the states say", at=reader.at)
    if not 0 <= start < count or not ((arcs["to"] >= 0) & (arcs["to"] < count)).all():
        raise BadKaldiFile("leads to a state that is not there", at=reader.at)
    return Fst(start, states["final"].astype(np.float32), offsets, arcs)


def _at_end(reader: Reader) -> None:
    if reader.left:
        raise BadKaldiFile(f"{reader.left} bytes too many", at=reader.at)
