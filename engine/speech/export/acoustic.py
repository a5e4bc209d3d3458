"""A network as two files of a model, and back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from engine.speech.errors import NotExported
from engine.speech.export import nnet, phones
from engine.speech.export.network import Network
from engine.speech.kaldi import acoustic, cmvn
from engine.speech.kaldi.acoustic import AcousticModel

#: In the directory of a model.
PLACE = "am/final.mdl"
USUAL_PLACE = "am/global_cmvn.stats"


def files(network: Network, *, blank: float = 0.0, halved: bool = False) -> dict[str, bytes]:
    """Both, by their places; `blank` is ln of what the blank's probability is divided by."""
    config, layers = nnet.layers_of(network, halved=halved)
    priors = np.ones(network.outputs if blank else 0, np.float32)
    priors[:1] = np.exp(blank)
    model = AcousticModel(phones.outputs(network.outputs), config, layers, priors)
    return {PLACE: model.written(), USUAL_PLACE: cmvn.written(network.usual)}


def read(files: Mapping[str, bytes]) -> Network:
    """The network that was given to `files`; raises `NotExported` or `BadKaldiFile`."""
    model = acoustic.read(files[PLACE])
    return nnet.network_of(model.config, model.components, cmvn.read(files[USUAL_PLACE]))


def load(directory: Path) -> Network:
    """The network of a model that this program made; raises `NotExported` or `BadKaldiFile`."""
    try:
        found = {place: (directory / place).read_bytes() for place in (PLACE, USUAL_PLACE)}
    except OSError as error:
        raise NotExported(f"no acoustic model in {directory}: {error}") from error
    return read(found)
