"""The acoustic network: a factored time-delay network over MFCC, trained with CTC.

Layers are valid convolutions, so a sound is padded with `Shape.context` copies of its edge frames,
as Kaldi does when it decodes. The second layer keeps every third frame, because Vosk takes one
output for 30 ms. The factored layers follow Povey et al., "Semi-Orthogonal Low-Rank Matrix
Factorization for Deep Neural Networks" (Interspeech 2018), without the orthogonality.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

#: Kaldi's usual weight of the way around a layer.
BYPASS = 0.66

CEPSTRA = 40
STRIDE = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the network is: widths, and one dilation (in frames of 30 ms) for each block."""

    outputs: int
    hidden: int = 480
    bottleneck: int = 120
    dilations: tuple[int, ...] = (1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3)

    @property
    def context(self) -> int:
        """Frames of 10 ms that an output sees to each side."""
        return 2 + 1 + STRIDE * sum(self.dilations)


class Block(nn.Module):
    """A factored layer with a way around it: frames −d and 0 in, a bottleneck, 0 and +d out."""

    def __init__(self, hidden: int, bottleneck: int, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.narrow = nn.Linear(2 * hidden, bottleneck, bias=False)
        self.wide = nn.Linear(2 * bottleneck, hidden)
        self.norm = nn.BatchNorm1d(hidden, affine=False)

    def forward(self, x: Tensor, dropout: float = 0.0) -> Tensor:
        """(batch, time, hidden) → (batch, time − 2d, hidden)."""
        d = self.dilation
        before, now = self.narrow.weight.chunk(2, dim=1)
        narrow = F.linear(x[:, :-d], before) + F.linear(x[:, d:], now)
        wide = F.relu(self.wide(torch.cat((narrow[:, :-d], narrow[:, d:]), dim=-1)))
        found = normed(self.norm, wide)
        if dropout:
            found = found * F.dropout(torch.ones_like(found[:, :1]), dropout)
        return found + BYPASS * x[:, d:-d]


class Network(nn.Module):
    """MFCC (batch, time + 2·context, 40) → log-probabilities (batch, ⌈time / 3⌉, outputs).

    The MFCC come `centred` on ``usual``, the mean over what the network learns from.
    """

    usual: Tensor
    scale: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("usual", torch.zeros(CEPSTRA))
        self.register_buffer("scale", torch.ones(CEPSTRA))
        self.first = nn.Conv1d(CEPSTRA, shape.hidden, 5)
        self.first_norm = nn.BatchNorm1d(shape.hidden, affine=False)
        self.second = nn.Conv1d(shape.hidden, shape.hidden, 3, stride=STRIDE)
        self.second_norm = nn.BatchNorm1d(shape.hidden, affine=False)
        self.blocks = nn.ModuleList(
            Block(shape.hidden, shape.bottleneck, dilation) for dilation in shape.dilations
        )
        self.output = nn.Linear(shape.hidden, shape.outputs)

    def forward(self, features: Tensor, dropout: float = 0.0) -> Tensor:
        """``dropout`` is the part of what a block finds that a sound goes without."""
        return F.log_softmax(self.output(self.found(features, dropout)).float(), dim=-1)

    def found(self, features: Tensor, dropout: float = 0.0) -> Tensor:
        """What the last block makes of them: (batch, ⌈time / 3⌉, hidden)."""
        x = (features * self.scale).transpose(1, 2)
        x = normed(self.first_norm, F.relu(self.first(x)).transpose(1, 2))
        x = F.relu(self.second(x.transpose(1, 2))).transpose(1, 2)
        x = normed(self.second_norm, x)
        for block in self.blocks:
            x = block(x, dropout)
        return x


def normed(norm: nn.Module, x: Tensor) -> Tensor:
    """Batch normalisation over a (batch, time, channels) tensor."""
    return cast(Tensor, norm(x.flatten(0, 1))).view_as(x)
