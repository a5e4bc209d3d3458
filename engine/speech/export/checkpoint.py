"""From a checkpoint of training to the network as arrays. Reading one needs torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.speech.errors import NotExported
from engine.speech.export.network import STRIDE, Affine, Block, Network, Norm
from engine.speech.kaldi.binary import Floats
from engine.speech.kaldi.cmvn import centred

Arrays = Mapping[str, Floats]

#: More than this is not rounding: the two networks are different ones.
_TOLERANCE = 1e-3


def network_of(arrays: Arrays, dilations: tuple[int, ...], bypass: float) -> Network:
    """The network from the arrays of torch's state; raises `NotExported`."""
    try:
        return Network(
            usual=arrays["usual"],
            scale=arrays["scale"],
            first=_convolution(arrays, "first", (-2, -1, 0, 1, 2)),
            first_norm=_norm(arrays, "first_norm"),
            second=_convolution(arrays, "second", (-1, 0, 1)),
            second_norm=_norm(arrays, "second_norm"),
            blocks=tuple(_blocks(arrays, dilations)),
            output=_linear(arrays, "output"),
            bypass=bypass,
        )
    except KeyError as error:
        raise NotExported(f"the checkpoint has no {error.args[0]}") from error


def arrays_of(network: Network) -> dict[str, Floats]:
    """Torch's state from a network, so that training can go on from a model that is in use."""
    arrays = {"usual": network.usual, "scale": network.scale}
    for name, layer in (("first", network.first), ("second", network.second)):
        width, kernel = len(layer.bias), len(layer.offsets)
        by_frame = layer.weight.reshape(width, kernel, -1)
        arrays[f"{name}.weight"] = np.ascontiguousarray(by_frame.transpose(0, 2, 1))
        arrays[f"{name}.bias"] = layer.bias
    norms = {"first_norm": network.first_norm, "second_norm": network.second_norm}
    for number, block in enumerate(network.blocks):
        arrays[f"blocks.{number}.narrow.weight"] = block.narrow.weight
        arrays[f"blocks.{number}.wide.weight"] = block.wide.weight
        arrays[f"blocks.{number}.wide.bias"] = block.wide.bias
        norms[f"blocks.{number}.norm"] = block.norm
    for name, norm in norms.items():
        arrays[f"{name}.running_mean"] = norm.mean
        arrays[f"{name}.running_var"] = norm.variance
    return arrays | {"output.weight": network.output.weight, "output.bias": network.output.bias}


def load(path: Path) -> Network:
    """The averaged network of a checkpoint; raises `NotExported`, also when torch computes
    something else than the arrays do.
    """
    # Neither is installed where a model is only used.
    import torch

    from engine.speech.training.network import BYPASS, Shape
    from engine.speech.training.network import Network as Trained

    try:
        kept: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
        shape = Shape(**kept["shape"])
        trained = Trained(shape)
        trained.load_state_dict(kept["averaged"])
    except (OSError, RuntimeError, KeyError, TypeError, EOFError, ValueError) as error:
        raise NotExported(f"{path}: not a checkpoint of training: {error}") from error
    arrays = {name: each.numpy() for name, each in trained.state_dict().items()}
    network = network_of(arrays, tuple(shape.dilations), BYPASS)
    _check(network, trained.eval())
    return network


def _check(network: Network, trained: Any) -> None:
    import torch

    for features in _sounds(network):
        heard = centred(features, network.usual)
        ends = [np.repeat(end, network.context, axis=0) for end in (heard[:1], heard[-1:])]
        padded = np.concatenate((ends[0], heard, ends[1]))
        with torch.no_grad():
            expected = trained(torch.from_numpy(padded)[None])[0].numpy()
        computed = network.log_probabilities(features)
        off = float(np.abs(computed - expected).max())
        # Written so that "not a number" is refused too.
        if not off <= _TOLERANCE:
            raise NotExported(f"the exported network is off by {off:g} from the trained one")


def _sounds(network: Network) -> Iterator[Floats]:
    """MFCC of what sounds like nothing in particular, of lengths with every remainder."""
    generator = np.random.default_rng(0)
    for length in (1, 50, 51, 100):
        noise = generator.normal(size=(length, network.inputs))
        yield (network.usual + noise / network.scale).astype(np.float32)


def _convolution(arrays: Arrays, name: str, offsets: tuple[int, ...]) -> Affine:
    by_feature = arrays[f"{name}.weight"]
    if by_feature.shape[2] != len(offsets):
        raise NotExported(f"{name} has a kernel of {by_feature.shape[2]}, not {len(offsets)}")
    weight = by_feature.transpose(0, 2, 1).reshape(len(by_feature), -1)
    return Affine(weight, arrays[f"{name}.bias"], offsets)


def _blocks(arrays: Arrays, dilations: tuple[int, ...]) -> Iterator[Block]:
    for number, dilation in enumerate(dilations):
        apart, name = STRIDE * dilation, f"blocks.{number}"
        narrow = Affine(arrays[f"{name}.narrow.weight"], np.zeros(0, np.float32), (-apart, 0))
        wide = _linear(arrays, f"{name}.wide", (0, apart))
        yield Block(narrow, wide, _norm(arrays, f"{name}.norm"))


def _linear(arrays: Arrays, name: str, offsets: tuple[int, ...] = (0,)) -> Affine:
    return Affine(arrays[f"{name}.weight"], arrays[f"{name}.bias"], offsets)


def _norm(arrays: Arrays, name: str, epsilon: float = 1e-5) -> Norm:
    """Torch keeps the epsilon in the module, with this as what it is by itself."""
    return Norm(arrays[f"{name}.running_mean"], arrays[f"{name}.running_var"], epsilon)
