"""Syllable errors, as the best path of the network alone makes them: no words, no grammar."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch

from engine.speech.corpus import Recordings
from engine.speech.kaldi.cmvn import centred
from engine.speech.scoring import Errors, distance
from engine.speech.training.batches import padded
from engine.speech.training.features import Floats, mfcc
from engine.speech.training.network import Network
from engine.speech.units import joined, split


def greedy(log_probabilities: torch.Tensor) -> list[tuple[str, ...]]:
    """(time, outputs) → syllables as phones."""
    best = log_probabilities.argmax(dim=-1)
    collapsed = torch.unique_consecutive(best)
    return joined(collapsed[collapsed != 0].tolist())


class DevSet:
    """Recordings that are never trained on."""

    def __init__(self, recordings: Iterable[Recordings]) -> None:
        self._sounds: list[tuple[str, Floats, list[tuple[str, ...]]]] = [
            (clip.source, mfcc(some.samples(at)), [split(s) for s in clip.syllables])
            for some in recordings
            for at, clip in enumerate(some.clips)
        ]

    @torch.no_grad()
    def errors(self, network: Network) -> Errors:
        """What a network makes of them."""
        network.eval()
        errors = Errors()
        usual = network.usual.numpy()
        for source, cepstra, said in self._sounds:
            features = padded(centred(cepstra, usual), network.shape.context)
            heard = greedy(network(torch.from_numpy(features)[None])[0])
            errors.add(source, distance(heard, said), len(said))
        return errors


def moments(features: Iterable[Floats]) -> tuple[Floats, Floats]:
    """Mean and standard deviation of every cepstrum."""
    rows = np.concatenate(list(features))
    return rows.mean(axis=0), rows.std(axis=0)
