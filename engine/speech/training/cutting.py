"""Where sentences can be cut between syllables, so that training hears them in ever new orders.

A few hours of sentences are soon known by heart, word after word; what is made of their pieces is
not. A network that has learned a little tells where the syllables are.
"""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import torch
from numpy.typing import NDArray

from engine.speech.corpus import Recordings, Samples
from engine.speech.kaldi.cmvn import centred
from engine.speech.training.aligning import spans
from engine.speech.training.batches import padded
from engine.speech.training.features import SHIFT, WINDOW, mfcc
from engine.speech.training.network import STRIDE, Network
from engine.speech.units import spell

#: Samples at which a sentence may be cut: before, between and after its syllables.
Cuts = NDArray[np.int64]

#: Clips of fewer syllables are left whole.
_FEWEST = 4
#: The quietest moment so near to a boundary (samples) is where the cut hurts least.
_NEAR = 800
_STEP = 80
#: No syllable is shorter (samples); where one seems to be, the network has lost its way.
_SHORTEST = 640


@torch.no_grad()
def cuts(recordings: Recordings, network: Network) -> list[Cuts | None]:
    """For every clip; None where it is too short, or where its syllables are not found."""
    network.eval()
    return [
        _cuts_of(recordings.samples(at), clip.syllables, network)
        if len(clip.syllables) >= _FEWEST
        else None
        for at, clip in enumerate(recordings.clips)
    ]


def _cuts_of(samples: Samples, syllables: tuple[str, ...], network: Network) -> Cuts | None:
    features = padded(centred(mfcc(samples), network.usual.numpy()), network.shape.context)
    scores = network(torch.from_numpy(features)[None])[0].numpy()
    phones = [spell([syllable]) for syllable in syllables]
    found = spans(scores, np.array([phone for each in phones for phone in each]))
    if found is None:
        return None
    begins, ends = found
    last = np.array(list(accumulate(map(len, phones)))[:-1]) - 1
    middles = (ends[last] + begins[last + 1]) / 2 * STRIDE * SHIFT + WINDOW / 2
    between = [_quietest(samples, int(middle)) for middle in middles]
    found_cuts = np.array([0, *between, len(samples)])
    return found_cuts if (np.diff(found_cuts) >= _SHORTEST).all() else None


def _quietest(samples: Samples, middle: int) -> int:
    """Near there."""
    start = max(0, middle - _NEAR)
    some = np.abs(samples[start : middle + _NEAR].astype(np.int32))
    windows = some[: len(some) // _STEP * _STEP].reshape(-1, _STEP).sum(axis=1)
    return start + int(windows.argmin()) * _STEP + _STEP // 2 if len(windows) else middle
