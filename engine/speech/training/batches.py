"""Batches for the trainer, made by a process of its own beside it."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from queue import Empty, Full
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.speech.corpus import Clip, load_all
from engine.speech.kaldi.cmvn import centred
from engine.speech.training.degrading import Degrading
from engine.speech.training.features import Floats, mfcc
from engine.speech.training.mixing import Mixing, Said
from engine.speech.training.network import STRIDE
from engine.speech.units import spell

#: Batches are sorted by length within so many, so that little of them is padding.
_POOL = 16
#: Longer sounds (frames) would make the batch of everybody longer.
_LONGEST = 1200
#: PyTorch prepares itself for every length (frames) anew, so there are few.
_STEP = 30


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded MFCC (sounds, time + 2·context, 40), frames of each, phones of all and of each."""

    features: Floats
    frames: NDArray[np.int64]
    phones: NDArray[np.int64]
    counts: NDArray[np.int64]

    @property
    def outputs(self) -> NDArray[np.int64]:
        """How many the network has of each."""
        return -(-self.frames // STRIDE)

    @property
    def seconds(self) -> float:
        return float(self.frames.sum()) / 100


@dataclass(frozen=True, slots=True)
class Plan:
    """What a producer needs: the clips, the cache of their samples, the usual mean of cepstra, the
    sizes and the seed, and where the clips may be cut, if that is known.
    """

    corpora: tuple[tuple[Clip, ...], ...]
    cache: Path
    usual: Floats
    size: int
    context: int
    words: float
    seed: int
    cuts: Sequence[NDArray[np.int64] | None] = ()


class Producer:
    """Yields batches of the plan for ever; `strength` may be turned while it runs."""

    def __init__(self, plan: Plan, *, ahead: int = 48) -> None:
        context = multiprocessing.get_context("spawn")
        self._strength: Synchronized[float] = context.Value("d", 0.0)
        self._queue: Any = context.Queue(ahead)
        self._process = context.Process(
            target=_produce, args=(plan, self._strength, self._queue), daemon=True
        )
        self._process.start()

    def turn(self, strength: float) -> None:
        """How much happens to the sounds from now on, 0 to 1."""
        self._strength.value = strength

    def __iter__(self) -> Iterator[Batch]:
        while True:
            try:
                yield self._queue.get(timeout=5)
            except Empty:
                if not self._process.is_alive():
                    raise RuntimeError("the producer of batches has died") from None

    def close(self) -> None:
        self._process.terminate()
        self._process.join()


def _produce(plan: Plan, strength: Synchronized[float], queue: Any) -> None:
    parent = os.getppid()
    recordings = load_all(plan.corpora, plan.cache)
    rng = np.random.default_rng(plan.seed)
    mixing = Mixing(recordings, rng, plan.words, plan.cuts)
    degrading = Degrading(rng, mixing.another)
    heard = (_heard(said, degrading, strength.value, plan.usual) for said in mixing)
    usable = (pair for pair in heard if _fits(*pair))
    while True:
        pool = sorted(islice(usable, plan.size * _POOL), key=lambda pair: len(pair[0]))
        starts = np.arange(0, len(pool), plan.size)
        rng.shuffle(starts)
        for start in starts:
            _put(queue, _batch(pool[start : start + plan.size], plan.context), parent)


def _put(queue: Any, batch: Batch, parent: int) -> None:
    """Ends this process when nobody is left to take the batch."""
    while True:
        try:
            queue.put(batch, timeout=5)
            return
        except Full:
            if os.getppid() != parent:
                queue.cancel_join_thread()
                sys.exit()


def _heard(
    said: Said, degrading: Degrading, strength: float, usual: Floats
) -> tuple[Floats, list[int]]:
    cepstra = mfcc(*degrading.sound(said.samples, strength))
    return centred(cepstra, usual), spell(said.syllables)


def _fits(features: Floats, phones: list[int]) -> bool:
    """CTC needs an output for each phone, and one between equal ones."""
    doubled = sum(a == b for a, b in pairwise(phones))
    outputs = -(-len(features) // STRIDE)
    return len(features) <= _LONGEST and outputs >= len(phones) + doubled


def _batch(pairs: list[tuple[Floats, list[int]]], context: int) -> Batch:
    frames = np.array([len(features) for features, _ in pairs])
    length = -(-int(frames.max()) // _STEP) * _STEP
    return Batch(
        np.stack([padded(features, context, length) for features, _ in pairs]),
        frames,
        np.concatenate([phones for _, phones in pairs]),
        np.array([len(phones) for _, phones in pairs]),
    )


def padded(features: Floats, context: int, length: int = 0) -> Floats:
    """With `context` copies of the edge frames around, after being drawn out to `length`."""
    behind = context + max(0, length - len(features))
    return np.pad(features, ((context, behind), (0, 0)), mode="edge")
