"""`final.mdl` of a network, and the network of a `final.mdl`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.speech.errors import NotExported
from engine.speech.export import nnet, phones
from engine.speech.export.network import Network
from engine.speech.kaldi import acoustic
from engine.speech.kaldi.acoustic import AcousticModel

#: In the directory of a model.
PLACE = "am/final.mdl"


def written(network: Network, *, blank: float = 0.0, halved: bool = False) -> bytes:
    """The file; `blank` is ln of what the blank's probability is divided by."""
    config, layers = nnet.layers_of(network, halved=halved)
    priors = np.ones(network.outputs if blank else 0, np.float32)
    priors[:1] = np.exp(blank)
    return AcousticModel(phones.outputs(network.outputs), config, layers, priors).written()


def read(data: bytes) -> Network:
    """The network that was given to `written`; raises `NotExported` or `BadKaldiFile`."""
    model = acoustic.read(data)
    return nnet.network_of(model.config, model.components)


def load(directory: Path) -> Network:
    """The network of a model that this program made; raises `NotExported` or `BadKaldiFile`."""
    try:
        data = (directory / PLACE).read_bytes()
    except OSError as error:
        raise NotExported(f"no acoustic model in {directory}: {error}") from error
    return read(data)
