"""`final.mdl` written and read again."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.speech.errors import BadKaldiFile
from engine.speech.kaldi import acoustic, topology
from engine.speech.kaldi.acoustic import AcousticModel
from engine.speech.kaldi.binary import Reader
from engine.speech.kaldi.components import (
    BatchNorm,
    Component,
    FixedAffine,
    FixedScale,
    LogSoftmax,
    NoOp,
    Rectified,
    Tdnn,
)

GENERATOR = np.random.default_rng(3)


def some(*shape: int) -> np.ndarray:
    return GENERATOR.normal(size=shape).astype(np.float32)


COMPONENTS: dict[str, Component] = {
    "scale": FixedScale(some(4)),
    "layer": Tdnn(some(3, 8), some(3), (-3, 0)),
    "narrow": Tdnn(some(3, 3), some(0), (0,)),
    "relu": Rectified(3),
    "norm": BatchNorm(some(3), some(3) ** 2, 1e-5),
    "sum": NoOp(3),
    "output": FixedAffine(some(2, 3), some(2)),
    "softmax": LogSoftmax(2),
}


def model(**changes: object) -> AcousticModel:
    config = ("input-node name=input dim=4", "output-node name=output input=softmax")
    whole = AcousticModel((0, 0, 1), config, COMPONENTS, some(2))
    return dataclasses.replace(whole, **changes)


def same(one: object, other: object) -> bool:
    """Equality of components, whose arrays compare element by element."""
    return type(one) is type(other) and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for kind in type(one).__mro__
        for name in getattr(kind, "__slots__", ())
    )


def test_everything_in_a_model_is_read_as_it_was_written() -> None:
    written = model()
    found = acoustic.read(written.written())
    assert (found.outputs, found.config) == (written.outputs, written.config)
    assert np.array_equal(found.priors, written.priors)
    assert list(found.components) == list(COMPONENTS)
    for name, component in COMPONENTS.items():
        assert same(found.components[name], component), name


def test_a_halved_layer_is_still_halved_when_it_is_written_again() -> None:
    layer = Tdnn(some(30, 20), some(30), (0,), halved=True)
    written = model(components={"layer": layer}).written()
    found = acoustic.read(written)
    assert np.allclose(found.components["layer"].weight, layer.weight, atol=1e-4)
    assert len(found.written()) == len(written)


@settings(deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=300))
def test_a_topology_gives_its_outputs_back(outputs: list[int]) -> None:
    assert topology.read(Reader(topology.written(outputs))) == tuple(outputs)


def test_a_topology_that_is_not_of_ctc_is_refused() -> None:
    changed = topology.written([0, 1]).replace(b"<LogProbs> ", b"<LogProps> ")
    with pytest.raises(BadKaldiFile, match="not the topology of CTC"):
        topology.read(Reader(changed))


def test_an_unknown_layer_is_named() -> None:
    written = model().written().replace(b"<NoOpComponent>", b"<LstmComponent>", 1)
    with pytest.raises(BadKaldiFile, match="<LstmComponent>"):
        acoustic.read(written)


def test_a_cut_model_is_refused_wherever_it_is_cut() -> None:
    written = model().written()
    for length in range(0, len(written), 7):
        with pytest.raises(BadKaldiFile):
            acoustic.read(written[:length])
    with pytest.raises(BadKaldiFile, match="bytes too many"):
        acoustic.read(written + b"\0")
