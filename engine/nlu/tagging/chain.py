"""The best sequence of labels in a linear chain (Lafferty, McCallum & Pereira 2001)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: The score of what must not be; finite, for sums of it are taken.
NEVER = -1e4


@dataclass(frozen=True, slots=True)
class Links:
    """Scores of labels beside each other, of L labels.

    ``steps[a, b]`` is that of b right after a; ``first`` and ``last`` are those at the ends.
    """

    steps: Floats  # L x L
    first: Floats  # L
    last: Floats  # L


def best(emissions: Floats, links: Links) -> list[int]:
    """The labels with the highest sum of ``emissions`` (N x L) and links (Viterbi 1967)."""
    if not len(emissions):
        return []
    scores = emissions[0] + links.first
    back = []
    for row in emissions[1:]:
        ways = scores[:, None] + links.steps
        came = ways.argmax(axis=0)
        back.append(came)
        scores = ways.max(axis=0) + row
    path = [int((scores + links.last).argmax())]
    for came in reversed(back):
        path.append(int(came[path[-1]]))
    return path[::-1]
