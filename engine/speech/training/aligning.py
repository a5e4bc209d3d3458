"""Where in a sound the phones are, by the best path of CTC."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.speech.training.features import Floats

Ints = NDArray[np.int64]

BLANK = 0
#: What a loss leaves out.
NOWHERE = -100
#: Outputs (of 30 ms) to each side of its peak that a phone may reach.
_REACH = 3

_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")

_NEVER = np.float32(-1e9)


def aligned(scores: Floats, frames: Ints, phones: Ints, counts: Ints) -> Ints:
    """The phone at every output (sounds, time): that of the nearest peak, or blank far from all.

    `scores` are log-probabilities (sounds, time, outputs); `frames`, `phones` and `counts` are how
    many outputs each sound has, the phones of all, and how many each has. `NOWHERE` is padding.
    """
    states = _states(phones, counts)
    path = _best_path(scores, frames, states, counts)
    return np.stack([_spread(*each) for each in zip(path, states, frames, strict=True)])


def spans(scores: Floats, phones: Ints) -> tuple[Ints, Ints] | None:
    """The first and the last output of each phone of one sound (time, outputs); None where there
    are too few outputs for the phones.
    """
    frames, counts = np.array([len(scores)]), np.array([len(phones)])
    path = _best_path(scores[None], frames, _states(phones, counts), counts)[0]
    begins, ends = (np.searchsorted(path, 2 * np.arange(len(phones)) + 1, side) for side in _SIDES)
    return (begins, ends - 1) if (begins < ends).all() else None


def _states(phones: Ints, counts: Ints) -> Ints:
    """(sounds, 2·most + 1): a blank before, between and after the phones of each sound."""
    states = np.full((len(counts), 2 * int(counts.max()) + 1), BLANK)
    for row, said in zip(states, np.split(phones, np.cumsum(counts)[:-1]), strict=True):
        row[1 : 2 * len(said) : 2] = said
    return states


def _best_path(scores: Floats, frames: Ints, states: Ints, counts: Ints) -> Ints:
    """(sounds, time): which state, counted from 0."""
    sounds, time, _ = scores.shape
    wide = np.broadcast_to(states[:, None], (sounds, time, states.shape[1]))
    emitted = np.take_along_axis(scores, wide, 2)
    skips = np.zeros(states.shape, bool)
    skips[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    best = np.full(states.shape, _NEVER)
    best[:, :2] = emitted[:, 0, :2]
    came = np.zeros((sounds, time, states.shape[1]), np.int8)
    last = np.zeros(sounds, np.int64)
    for at in range(time):
        if at:
            one = np.pad(best, ((0, 0), (1, 0)), constant_values=_NEVER)[:, :-1]
            two = np.pad(best, ((0, 0), (2, 0)), constant_values=_NEVER)[:, :-2]
            ways = np.stack((best, one, np.where(skips, two, _NEVER)))
            came[:, at] = ways.argmax(axis=0)
            best = ways.max(axis=0) + emitted[:, at]
        ends = np.flatnonzero(frames == at + 1)
        final = 2 * counts[ends]
        last[ends] = final - (best[ends, final - 1] > best[ends, final])
    return _traced(came, last, frames)


def _traced(came: NDArray[np.int8], last: Ints, frames: Ints) -> Ints:
    path = np.zeros(came.shape[:2], np.int64)
    rows, state = np.arange(len(last)), last.copy()
    for at in reversed(range(came.shape[1])):
        path[:, at] = state
        state = np.where(at < frames, state - came[rows, at, state], state)
    return path


def _spread(path: Ints, states: Ints, frames: int) -> Ints:
    """Each phone to both sides of the outputs where it is."""
    at = np.arange(len(path))
    peaks = np.flatnonzero((path % 2 == 1) & (at < frames))
    if not len(peaks):
        return np.where(at < frames, BLANK, NOWHERE)
    nearest = peaks[np.abs(at[:, None] - peaks).argmin(axis=1)]
    spread = np.where(np.abs(nearest - at) <= _REACH, states[path[nearest]], BLANK)
    return np.where(at < frames, spread, NOWHERE)
