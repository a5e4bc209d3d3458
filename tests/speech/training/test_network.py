"""The network: how much it sees, and that it is the one that is exported."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.speech.export.checkpoint import arrays_of, network_of
from engine.speech.kaldi.cmvn import centred
from engine.speech.training.batches import padded
from engine.speech.training.network import BYPASS, Network, Shape

SMALL = Shape(outputs=7, hidden=12, bottleneck=4, dilations=(1, 2))


@pytest.fixture
def network() -> Network:
    """A small one, with norms that have seen something."""
    torch.manual_seed(1)
    network = Network(SMALL)
    for name, buffer in network.named_buffers():
        if name.endswith(("running_mean", "running_var")):
            buffer.copy_(torch.rand_like(buffer) + 0.5)
    return network.eval()


def features(frames: int) -> np.ndarray:
    """Cepstra of nothing in particular."""
    return np.random.default_rng(frames).standard_normal((frames, 40)).astype(np.float32)


@torch.no_grad()
def outputs(network: Network, sound: np.ndarray) -> torch.Tensor:
    """Log-probabilities of one sound."""
    return network(torch.from_numpy(padded(sound, network.shape.context))[None])[0]


@pytest.mark.parametrize(("frames", "expected"), [(1, 1), (3, 1), (4, 2), (30, 10), (31, 11)])
def test_there_is_an_output_for_every_third_frame_begun(
    network: Network, frames: int, expected: int
) -> None:
    assert outputs(network, features(frames)).shape == (expected, 7)


def test_an_output_sees_its_context_and_no_further(network: Network) -> None:
    sound = features(90)
    at, context = 15, SMALL.context
    near, far = sound.copy(), sound.copy()
    near[3 * at + context] += 1
    far[3 * at + context + 1] += 1
    before = outputs(network, sound)[at]
    assert not torch.equal(outputs(network, near)[at], before)
    torch.testing.assert_close(outputs(network, far)[at], before, atol=1e-6, rtol=0)


def test_its_outputs_are_probabilities(network: Network) -> None:
    sums = outputs(network, features(30)).exp().sum(dim=-1)
    torch.testing.assert_close(sums, torch.ones(10))


def test_as_arrays_it_computes_the_same(network: Network) -> None:
    arrays = {name: each.numpy() for name, each in network.state_dict().items()}
    exported = network_of(arrays, SMALL.dilations, BYPASS)
    sound = features(31)
    computed = exported.log_probabilities(sound)
    heard = centred(sound, exported.usual)
    np.testing.assert_allclose(computed, outputs(network, heard).numpy(), atol=1e-4)
    assert set(arrays_of(exported)) <= set(arrays)
