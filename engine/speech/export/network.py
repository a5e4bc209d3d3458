"""The trained network as arrays, and what it computes, without torch or Vosk.

It is the architecture of `engine/speech/training/network.py`: two layers down to
30 ms a frame, then factored blocks with a way around each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.speech.kaldi.binary import Floats
from engine.speech.kaldi.cmvn import centred

#: Frames of 10 ms that one output stands for. Vosk reckons its word times with it.
STRIDE = 3


@dataclass(frozen=True, eq=False, slots=True)
class Affine:
    """The frames at ``offsets`` (of 10 ms), side by side, times ``weight`` plus ``bias``.

    ``weight`` is (out, offsets·in); an empty ``bias`` is none.
    """

    weight: Floats
    bias: Floats
    offsets: tuple[int, ...] = (0,)


@dataclass(frozen=True, eq=False, slots=True)
class Norm:
    """(x − mean) / √(variance + epsilon), with the statistics that training kept."""

    mean: Floats
    variance: Floats
    epsilon: float

    def __call__(self, x: Floats) -> Floats:
        spread: Floats = np.sqrt(self.variance + np.float32(self.epsilon))
        return (x - self.mean) / spread


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """A bottleneck without a bias, a wide layer that is rectified and normed, a way around."""

    narrow: Affine
    wide: Affine
    norm: Norm


@dataclass(frozen=True, eq=False, slots=True)
class Network:
    """MFCC in, log-probabilities out.

    The MFCC are `centred` on their ``usual`` mean and multiplied by ``scale`` first.
    """

    usual: Floats
    scale: Floats
    first: Affine
    first_norm: Norm
    second: Affine
    second_norm: Norm
    blocks: tuple[Block, ...]
    output: Affine
    bypass: float

    @property
    def inputs(self) -> int:
        return len(self.usual)

    @property
    def outputs(self) -> int:
        return len(self.output.bias)

    @property
    def parameters(self) -> int:
        """How many numbers were trained."""
        layers = [self.first, self.second, self.output]
        for block in self.blocks:
            layers += [block.narrow, block.wide]
        return sum(layer.weight.size + layer.bias.size for layer in layers)

    @property
    def context(self) -> int:
        """Frames of 10 ms that an output sees to each side."""
        wide = sum(block.wide.offsets[-1] for block in self.blocks)
        return self.first.offsets[-1] + self.second.offsets[-1] + wide

    def log_probabilities(self, features: Floats) -> Floats:
        """(⌈time / 3⌉, outputs) for MFCC (time, inputs) of a whole sound, as Vosk computes it."""
        x = centred(features, self.usual) * self.scale
        before, after = (np.repeat(end, self.context, axis=0) for end in (x[:1], x[-1:]))
        x = np.concatenate((before, x, after))
        x = self.first_norm(_rectified(_applied(self.first, x, 1)))
        x = self.second_norm(_rectified(_applied(self.second, x, 1)[::STRIDE]))
        for block in self.blocks:
            d = block.wide.offsets[-1] // STRIDE
            wide = _applied(block.wide, _applied(block.narrow, x, STRIDE), STRIDE)
            x = block.norm(_rectified(wide)) + np.float32(self.bypass) * x[d:-d]
        return _log_softmax(_applied(self.output, x, STRIDE))


def _applied(layer: Affine, x: Floats, spacing: int) -> Floats:
    """Wherever all offsets are inside; the frames of `x` are `spacing` apart."""
    steps = [(offset - layer.offsets[0]) // spacing for offset in layer.offsets]
    length = len(x) - steps[-1]
    side_by_side = np.concatenate([x[step : step + length] for step in steps], axis=1)
    y = side_by_side @ layer.weight.T
    return y + layer.bias if layer.bias.size else y


def _rectified(x: Floats) -> Floats:
    return np.maximum(x, np.float32(0.0))


def _log_softmax(x: Floats) -> Floats:
    lowered: Floats = x - x.max(axis=1, keepdims=True)
    whole: Floats = np.log(np.exp(lowered).sum(axis=1, keepdims=True))
    y: Floats = lowered - whole
    return y
