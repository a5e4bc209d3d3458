"""The network as arrays: what it computes, and its ways to nnet3 and to torch's state and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.speech.errors import NotExported
from engine.speech.export import acoustic, checkpoint, nnet
from engine.speech.export.network import Network
from engine.speech.kaldi.components import NoOp
from engine.speech.units import PHONES
from tests.speech.export import tiny

DILATIONS = (1, 3)


def arrays(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Everything in a network, by its place."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from arrays(getattr(value, field.name), f"{name}.{field.name}")
    elif isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
        for at, each in enumerate(value):
            yield from arrays(each, f"{name}[{at}]")
    else:
        yield name, value


def assert_same(one: Network, other: Network) -> None:
    found = dict(arrays(other))
    for name, value in arrays(one):
        assert np.array_equal(found[name], value), name


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 50])
def test_there_is_an_output_for_every_three_frames_begun(frames: int) -> None:
    found = tiny.network().log_probabilities(np.zeros((frames, 40), np.float32))
    assert found.shape == (-(-frames // 3), len(PHONES))
    assert np.allclose(np.exp(found).sum(axis=1), 1.0, atol=1e-5)


def test_an_output_sees_its_context_ahead_and_no_more() -> None:
    network = tiny.network()
    assert network.context == 2 + 1 + 3 * sum(DILATIONS)
    features = np.random.default_rng(0).normal(size=(90, 40)).astype(np.float32)
    before = network.log_probabilities(features)
    features[45] += 30
    changed = np.flatnonzero(np.abs(network.log_probabilities(features) - before).max(axis=1))
    assert changed.tolist() == list(range((45 - 15) // 3, 30))


def test_parameters_are_those_of_the_layers() -> None:
    layers = [40 * 5 * 24 + 24, 24 * 3 * 24 + 24, 2 * (48 * 8 + 16 * 24 + 24), 24 * 61 + 61]
    assert tiny.network().parameters == sum(layers)


def test_a_model_gives_its_network_back_bit_by_bit() -> None:
    network = tiny.network()
    assert_same(acoustic.read(acoustic.files(network)), network)


def test_a_halved_model_is_half_as_large_and_computes_nearly_the_same() -> None:
    network = tiny.network(hidden=200)
    whole, halved = (acoustic.files(network, halved=each) for each in (False, True))
    assert len(halved[acoustic.PLACE]) < 0.65 * len(whole[acoustic.PLACE])
    features = np.random.default_rng(0).normal(size=(60, 40)).astype(np.float32)
    sounds = [acoustic.read(each).log_probabilities(features) for each in (whole, halved)]
    assert np.abs(sounds[0] - sounds[1]).max() < 0.01


def test_the_blank_is_divided_by_its_prior_and_nothing_else_is() -> None:
    from engine.speech.kaldi import acoustic as kaldi

    def priors(blank: float) -> np.ndarray:
        return kaldi.read(acoustic.files(tiny.network(), blank=blank)[acoustic.PLACE]).priors

    assert priors(1.5)[0] == pytest.approx(np.exp(1.5))
    assert set(priors(1.5)[1:].tolist()) == {1.0}
    assert not priors(0.0).size


def test_layers_of_another_make_are_no_network() -> None:
    usual = tiny.network().usual
    config, layers = nnet.layers_of(tiny.network(), halved=False)
    with pytest.raises(NotExported, match=r"no Tdnn called block1\.wide"):
        nnet.network_of(config, layers | {"block1.wide": NoOp(3)}, usual)
    with pytest.raises(NotExported, match="no blocks"):
        nnet.network_of(config[:4], layers, usual)


def test_a_directory_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotExported, match=str(tmp_path)):
        acoustic.load(tmp_path)


def test_the_state_of_torch_and_the_network_are_each_made_of_the_other() -> None:
    network = tiny.network()
    state = checkpoint.arrays_of(network)
    assert state["first.weight"].shape == (24, 40, 5)
    assert state["blocks.1.narrow.weight"].shape == (8, 48)
    assert_same(checkpoint.network_of(state, DILATIONS, 0.66), network)


def test_a_state_that_lacks_a_layer_is_refused() -> None:
    state = checkpoint.arrays_of(tiny.network())
    del state["blocks.1.wide.bias"]
    with pytest.raises(NotExported, match=r"no blocks\.1\.wide\.bias"):
        checkpoint.network_of(state, DILATIONS, 0.66)


def test_a_first_layer_of_another_width_in_time_is_refused() -> None:
    state = checkpoint.arrays_of(tiny.network())
    state["first.weight"] = state["first.weight"][:, :, :3]
    with pytest.raises(NotExported, match="a kernel of 3, not 5"):
        checkpoint.network_of(state, DILATIONS, 0.66)
