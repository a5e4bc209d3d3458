"""The layers of an nnet3 network that are needed here (`nnet3/nnet-*-component.cc`).

What training alone needs of them (learning rates, natural gradient) is written with Kaldi's
defaults and forgotten when reading.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.speech.kaldi.binary import (
    Floats,
    Reader,
    halved_matrix,
    integer,
    integers,
    matrix,
    number,
    token,
    truth,
    vector,
)

_RECTIFIED, _LOG_SOFTMAX = "RectifiedLinearComponent", "LogSoftmaxComponent"


@dataclass(frozen=True, eq=False, slots=True)
class Tdnn:
    """An affine map of the frames at some offsets, side by side; ``weight`` is (out, offsets·in).

    ``bias`` may be empty. ``halved`` writes the weight in half the bytes.
    """

    weight: Floats
    bias: Floats
    offsets: tuple[int, ...]
    halved: bool = False

    def written(self) -> bytes:
        return b"".join(
            (
                token("<TdnnComponent>") + token("<LearningRate>") + number(0.001),
                token("<TimeOffsets>") + integers(self.offsets),
                token("<LinearParams>") + (halved_matrix if self.halved else matrix)(self.weight),
                token("<BiasParams>") + vector(self.bias),
                token("<OrthonormalConstraint>") + number(0.0),
                token("<UseNaturalGradient>") + truth(True),
                token("<NumSamplesHistory>") + number(2000.0),
                token("<AlphaInOut>") + number(4.0) + number(4.0),
                token("<RankInOut>") + integer(20) + integer(80),
                token("</TdnnComponent>"),
            )
        )

    @classmethod
    def read(cls, reader: Reader) -> Tdnn:
        reader.expect("<LearningRate>")
        reader.number()
        reader.expect("<TimeOffsets>")
        offsets = reader.integers()
        reader.expect("<LinearParams>")
        halved = reader.peek(3) == b"CM2"
        weight = reader.matrix()
        reader.expect("<BiasParams>")
        bias = reader.vector()
        reader.until(b"</TdnnComponent> ")
        return cls(weight, bias, offsets, halved)


@dataclass(frozen=True, eq=False, slots=True)
class FixedAffine:
    """An affine map of one frame; ``weight`` is (out, in)."""

    weight: Floats
    bias: Floats

    def written(self) -> bytes:
        weight, bias = matrix(self.weight), vector(self.bias)
        return (
            token("<FixedAffineComponent>")
            + (token("<LinearParams>") + weight)
            + (token("<BiasParams>") + bias)
            + token("</FixedAffineComponent>")
        )

    @classmethod
    def read(cls, reader: Reader) -> FixedAffine:
        reader.expect("<LinearParams>")
        weight = reader.matrix()
        reader.expect("<BiasParams>")
        bias = reader.vector()
        reader.expect("</FixedAffineComponent>")
        return cls(weight, bias)


@dataclass(frozen=True, eq=False, slots=True)
class FixedScale:
    """Multiplies every frame by a vector."""

    scales: Floats

    def written(self) -> bytes:
        inside = token("<Scales>") + vector(self.scales)
        return token("<FixedScaleComponent>") + inside + token("</FixedScaleComponent>")

    @classmethod
    def read(cls, reader: Reader) -> FixedScale:
        reader.expect("<Scales>")
        scales = reader.vector()
        reader.expect("</FixedScaleComponent>")
        return cls(scales)


@dataclass(frozen=True, eq=False, slots=True)
class BatchNorm:
    """(x − mean) / √(variance + epsilon), feature by feature."""

    mean: Floats
    variance: Floats
    epsilon: float

    def written(self) -> bytes:
        return b"".join(
            (
                token("<BatchNormComponent>") + token("<Dim>") + integer(len(self.mean)),
                token("<BlockDim>") + integer(len(self.mean)),
                token("<Epsilon>") + number(self.epsilon),
                token("<TargetRms>") + number(1.0),
                token("<TestMode>") + truth(True),
                # How many frames the statistics stand for: any number but 0.
                token("<Count>") + number(1000.0),
                token("<StatsMean>") + vector(self.mean),
                token("<StatsVar>") + vector(self.variance),
                token("</BatchNormComponent>"),
            )
        )

    @classmethod
    def read(cls, reader: Reader) -> BatchNorm:
        reader.until(b"<Epsilon> ")
        epsilon = reader.number()
        reader.until(b"<StatsMean> ")
        mean = reader.vector()
        reader.expect("<StatsVar>")
        variance = reader.vector()
        reader.expect("</BatchNormComponent>")
        # The shortest number that it can have been: 1e-05, not 9.999999747378752e-06.
        return cls(mean, variance, float(str(np.float32(epsilon))))


@dataclass(frozen=True, eq=False, slots=True)
class NoOp:
    """Hands its input on, so that a sum of other nodes has a name."""

    dim: int

    def written(self) -> bytes:
        inside = token("<Dim>") + integer(self.dim) + token("<BackpropScale>") + number(1.0)
        return token("<NoOpComponent>") + inside + token("</NoOpComponent>")

    @classmethod
    def read(cls, reader: Reader) -> NoOp:
        reader.expect("<Dim>")
        dim = reader.integer()
        reader.until(b"</NoOpComponent> ")
        return cls(dim)


@dataclass(frozen=True, eq=False, slots=True)
class _Nonlinear:
    """A function of every feature or of the frame; the statistics of training stay empty."""

    dim: int

    def _written(self, kind: str) -> bytes:
        statistics = token("<ValueAvg>") + vector([]) + token("<DerivAvg>") + vector([])
        inside = token("<Dim>") + integer(self.dim) + statistics + token("<Count>") + number(0.0)
        return token(f"<{kind}>") + inside + token(f"</{kind}>")


def _read_dim(reader: Reader, kind: str) -> int:
    reader.expect("<Dim>")
    dim = reader.integer()
    reader.until(f"</{kind}> ".encode())
    return dim


class Rectified(_Nonlinear):
    """What is negative becomes 0."""

    def written(self) -> bytes:
        return self._written(_RECTIFIED)

    @classmethod
    def read(cls, reader: Reader) -> Rectified:
        return cls(_read_dim(reader, _RECTIFIED))


class LogSoftmax(_Nonlinear):
    """Log-probabilities over the features of a frame."""

    def written(self) -> bytes:
        return self._written(_LOG_SOFTMAX)

    @classmethod
    def read(cls, reader: Reader) -> LogSoftmax:
        return cls(_read_dim(reader, _LOG_SOFTMAX))


Component = Tdnn | FixedAffine | FixedScale | BatchNorm | NoOp | Rectified | LogSoftmax

_READERS: dict[str, Callable[[Reader], Component]] = {
    "<TdnnComponent>": Tdnn.read,
    "<FixedAffineComponent>": FixedAffine.read,
    "<FixedScaleComponent>": FixedScale.read,
    "<BatchNormComponent>": BatchNorm.read,
    "<NoOpComponent>": NoOp.read,
    f"<{_RECTIFIED}>": Rectified.read,
    f"<{_LOG_SOFTMAX}>": LogSoftmax.read,
}


def read(reader: Reader) -> Component:
    """The component that is next. Raises `BadKaldiFile` for one that is not known here."""
    return _READERS[reader.expect(*_READERS)](reader)
