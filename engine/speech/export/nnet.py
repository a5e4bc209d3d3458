"""The network as nnet3 has it, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from engine.speech.errors import NotExported
from engine.speech.export.network import Affine, Block, Network, Norm
from engine.speech.kaldi.binary import Floats
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

Layers = dict[str, Component]

_Kind = TypeVar("_Kind")

_BYPASS = re.compile(r"Sum\(Scale\(([0-9.e-]+), ")


def layers_of(network: Network, *, halved: bool) -> tuple[tuple[str, ...], Layers]:
    """The lines of configuration and the components; `halved` weights take half the bytes."""
    chain = _Chain(network.inputs, halved)
    chain.add("scale", FixedScale(network.scale))
    chain.add_rectified("first", network.first, network.first_norm)
    chain.add_rectified("second", network.second, network.second_norm)
    for number, block in enumerate(network.blocks):
        around = chain.end
        chain.add_affine(f"block{number}.narrow", block.narrow)
        chain.add_rectified(f"block{number}.wide", block.wide, block.norm)
        width = len(block.wide.bias)
        through = f"Sum(Scale({network.bypass!r}, {around}), {chain.end})"
        chain.add(f"block{number}.sum", NoOp(width), through)
    chain.add("output.affine", FixedAffine(network.output.weight, network.output.bias))
    chain.add("output.softmax", LogSoftmax(network.outputs))
    chain.lines.append(f"output-node name=output input={chain.end} objective=linear")
    return tuple(chain.lines), chain.layers


class _Chain:
    """Components one after the other, and the lines that say so."""

    def __init__(self, inputs: int, halved: bool) -> None:
        self.lines = [f"input-node name=input dim={inputs}"]
        self.layers: Layers = {}
        self.end = "input"
        self._halved = halved

    def add(self, name: str, component: Component, through: str = "") -> None:
        self.layers[name] = component
        place = f"component={name} input={through or self.end}"
        self.lines.append(f"component-node name={name} {place}")
        self.end = name

    def add_affine(self, name: str, layer: Affine) -> None:
        self.add(name, Tdnn(layer.weight, layer.bias, layer.offsets, self._halved))

    def add_rectified(self, name: str, layer: Affine, norm: Norm) -> None:
        self.add_affine(name, layer)
        self.add(f"{name}.relu", Rectified(len(layer.bias)))
        self.add(f"{name}.norm", BatchNorm(norm.mean, norm.variance, norm.epsilon))


def network_of(config: tuple[str, ...], layers: Mapping[str, Component], usual: Floats) -> Network:
    """The network that `layers_of` was given, with the usual mean of its features.

    Raises `NotExported` for layers of another make.
    """
    bypasses = [float(found[1]) for line in config if (found := _BYPASS.search(line))]
    blocks = [f"block{number}" for number in range(len(bypasses))]
    if not blocks or len(set(bypasses)) > 1:
        raise NotExported("the network has no blocks with one way around each")
    return Network(
        usual=usual,
        scale=_part(layers, "scale", FixedScale).scales,
        first=_affine(layers, "first"),
        first_norm=_norm(layers, "first"),
        second=_affine(layers, "second"),
        second_norm=_norm(layers, "second"),
        blocks=tuple(_block(layers, name) for name in blocks),
        output=_output(layers),
        bypass=bypasses[0],
    )


def _block(layers: Mapping[str, Component], name: str) -> Block:
    narrow, wide = _affine(layers, f"{name}.narrow"), _affine(layers, f"{name}.wide")
    return Block(narrow, wide, _norm(layers, f"{name}.wide"))


def _affine(layers: Mapping[str, Component], name: str) -> Affine:
    found = _part(layers, name, Tdnn)
    return Affine(found.weight, found.bias, found.offsets)


def _norm(layers: Mapping[str, Component], name: str) -> Norm:
    found = _part(layers, f"{name}.norm", BatchNorm)
    return Norm(found.mean, found.variance, found.epsilon)


def _output(layers: Mapping[str, Component]) -> Affine:
    found = _part(layers, "output.affine", FixedAffine)
    return Affine(found.weight, found.bias)


def _part(layers: Mapping[str, Component], name: str, kind: type[_Kind]) -> _Kind:
    found = layers.get(name)
    if not isinstance(found, kind):
        raise NotExported(f"the network has no {kind.__name__} called {name}")
    return found
