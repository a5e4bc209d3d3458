"""`final.mdl`: the transition model, the nnet3 network and the priors of its outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.speech.errors import BadKaldiFile
from engine.speech.kaldi import components, topology
from engine.speech.kaldi.binary import HEADER, Floats, Reader, integer, token, vector
from engine.speech.kaldi.components import Component


@dataclass(frozen=True, eq=False, slots=True)
class AcousticModel:
    """``outputs`` are the network's outputs of the phones 1, 2, …; ``config`` has nnet3's lines
    about nodes, which run the ``components``. ``priors`` (empty, or one for each output) divide the
    probabilities; they need not sum to one.
    """

    outputs: tuple[int, ...]
    config: tuple[str, ...]
    components: Mapping[str, Component]
    priors: Floats

    def written(self) -> bytes:
        layers = (
            token("<ComponentName>") + token(name) + component.written()
            for name, component in self.components.items()
        )
        # The contexts are found anew when the network is loaded.
        contexts = token("<LeftContext>") + integer(0) + token("<RightContext>") + integer(0)
        return b"".join(
            (
                HEADER + topology.written(self.outputs),
                token("<Nnet3>") + b"\n" + _lines(self.config),
                token("<NumComponents>") + integer(len(self.components)),
                *layers,
                token("</Nnet3>") + contexts + token("<Priors>") + vector(self.priors),
            )
        )


def read(data: bytes) -> AcousticModel:
    """What `AcousticModel.written` wrote. Raises `BadKaldiFile`."""
    reader = Reader(data)
    if reader.taken(len(HEADER)) != HEADER:
        raise BadKaldiFile("not a binary file of Kaldi", at=0)
    outputs = topology.read(reader)
    reader.expect("<Nnet3>")
    config = reader.until(b"\n\n").decode("ascii", "replace").strip("\n").split("\n")
    layers = _layers(reader)
    reader.until(token("<Priors>"))
    priors = reader.vector()
    if reader.left:
        raise BadKaldiFile(f"{reader.left} bytes too many", at=reader.at)
    return AcousticModel(outputs, tuple(config), layers, priors)


def _lines(config: tuple[str, ...]) -> bytes:
    return "".join(f"{line}\n" for line in (*config, "")).encode("ascii")


def _layers(reader: Reader) -> dict[str, Component]:
    reader.expect("<NumComponents>")
    layers: dict[str, Component] = {}
    for _ in range(reader.integer()):
        reader.expect("<ComponentName>")
        name = reader.token()
        layers[name] = components.read(reader)
    reader.expect("</Nnet3>")
    return layers
