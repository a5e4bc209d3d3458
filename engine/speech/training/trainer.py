"""Training with CTC: warm up, stay, cool down; stop at any time and go on later.

The learning rate stays at its peak and falls only in the last part of the planned hours, so a
training that is given more hours goes on as if they had been planned from the start.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.speech.errors import NotLearned
from engine.speech.scoring import Errors
from engine.speech.training.aligning import NOWHERE, aligned
from engine.speech.training.batches import Batch, Producer
from engine.speech.training.network import Network, Shape
from engine.speech.training.scoring import DevSet

#: More, or of the way around a block too, and little data is not even learned by heart.
_DROPOUT = 0.1

#: Of the loss for saying where the phones are: without it, few outputs teach the network anything.
_PLACED = 1.0

#: Of the mean of recent states, at each step.
_KEPT = 0.998


#: The highest learning rate of a network that knows nothing, and of one that goes on learning.
_PEAK, _PEAK_ONWARDS = 1.2e-3, 1e-4


@dataclass(frozen=True, slots=True)
class Schedule:
    """Hours of sound to hear, and how the learning rate and the strength go over them."""

    hours: float
    peak: float = _PEAK
    warmup_steps: int = 400
    cooling: float = 0.4
    plain: float = 30.0
    hardest: float = 0.5

    @classmethod
    def onwards(cls, hours: float) -> Schedule:
        """For a network that has learned already: a low rate, and hard sounds from the start.

        At the usual rate, or on sounds that little happens to, it forgets before it learns.
        """
        return cls(hours, _PEAK_ONWARDS, plain=0.0, hardest=0.0)

    def rate(self, step: int, hours: float) -> float:
        """The learning rate; it ends at a hundredth of its peak."""
        left = max(0.01, 1 - hours / self.hours)
        return self.peak * min(1.0, (step + 1) / self.warmup_steps) * min(1.0, left / self.cooling)

    def strength(self, hours: float) -> float:
        """Of what happens to the sounds: little for ``plain`` hours, or nothing is learned at all.

        It is all that there is after ``hardest`` of the planned hours.
        """
        ramp = max(1.0, self.hardest * self.hours - self.plain)
        return min(1.0, 0.1 + 0.9 * max(0.0, hours - self.plain) / ramp)


@dataclass(frozen=True, slots=True)
class Report:
    """How far training is, after a stretch of it."""

    step: int
    hours: float
    loss: float
    rate: float
    seconds: float
    errors: Errors


class Trainer:
    """A network in training; ``averaged``, the mean of its recent states, is what counts."""

    def __init__(self, network: Network, schedule: Schedule) -> None:
        self.network = network
        self.averaged = copy.deepcopy(network).requires_grad_(False)
        self.schedule = schedule
        self.step = 0
        self.hours = 0.0
        self._placing = nn.Linear(network.shape.hidden, network.shape.outputs)
        learned = (*network.parameters(), *self._placing.parameters())
        self._optimizer = torch.optim.AdamW(learned, schedule.peak, weight_decay=1e-2)

    def learn(self, batch: Batch) -> float:
        """One step; the loss of a phone in CTC. Raises `NotLearned` where it is no number."""
        self.network.train()
        for group in self._optimizer.param_groups:
            group["lr"] = self.schedule.rate(self.step, self.hours)
        with torch.autocast("cpu", torch.bfloat16):
            found = self.network.found(torch.from_numpy(batch.features), dropout=_DROPOUT)
            said, placed = self.network.output(found), self._placing(found)
        scores = F.log_softmax(said.float(), dim=-1)
        loss = _connected(scores, batch)
        whole = loss + _PLACED * _placed(placed.float(), scores.detach(), batch)
        if not whole.isfinite():
            raise NotLearned(self.step)
        self._optimizer.zero_grad()
        whole.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self._optimizer.step()
        self.step += 1
        self.hours += batch.seconds / 3600
        self._average()
        return float(loss.item())

    @torch.no_grad()
    def _average(self) -> None:
        kept = min(_KEPT, (self.step + 1) / (self.step + 10))
        for mean, state in zip(
            self.averaged.state_dict().values(), self.network.state_dict().values(), strict=True
        ):
            if mean.is_floating_point():
                mean.lerp_(state, 1 - kept)

    def run(
        self, producer: Producer, dev: DevSet, every: float, tell: Callable[[Report], None]
    ) -> None:
        """Until the hours of the schedule are heard; `tell` after every `every` hours."""
        batches = iter(producer)
        while self.hours < self.schedule.hours:
            until = min(self.hours + every, self.schedule.hours)
            began, losses = time.monotonic(), []
            while self.hours < until:
                producer.turn(self.schedule.strength(self.hours))
                losses.append(self.learn(next(batches)))
            tell(self._report(losses, time.monotonic() - began, dev.errors(self.averaged)))

    def _report(self, losses: Iterable[float], seconds: float, errors: Errors) -> Report:
        some = list(losses)
        rate = self.schedule.rate(self.step, self.hours)
        return Report(self.step, self.hours, sum(some) / len(some), rate, seconds, errors)

    def save(self, path: Path) -> None:
        """Everything that going on needs, moved into place so that a kill costs nothing."""
        beside = path.with_suffix(".part")
        torch.save(
            {
                "shape": asdict(self.network.shape),
                "network": self.network.state_dict(),
                "averaged": self.averaged.state_dict(),
                "placing": self._placing.state_dict(),
                "optimizer": self._optimizer.state_dict(),
                "step": self.step,
                "hours": self.hours,
            },
            beside,
        )
        beside.replace(path)

    @classmethod
    def resumed(cls, path: Path, schedule: Schedule) -> Trainer:
        """The training that was saved there, on a schedule that may be a new one."""
        kept: dict[str, Any] = torch.load(path, weights_only=True)
        trainer = cls(Network(Shape(**kept["shape"])), schedule)
        trainer.network.load_state_dict(kept["network"])
        trainer.averaged.load_state_dict(kept["averaged"])
        trainer._placing.load_state_dict(kept["placing"])
        trainer._optimizer.load_state_dict(kept["optimizer"])
        trainer.step, trainer.hours = kept["step"], kept["hours"]
        return trainer


def _connected(scores: Tensor, batch: Batch) -> Tensor:
    """CTC: the phones in their order, wherever they are."""
    loss: Tensor = F.ctc_loss(
        scores.transpose(0, 1),
        torch.from_numpy(batch.phones),
        torch.from_numpy(batch.outputs),
        torch.from_numpy(batch.counts),
        zero_infinity=True,
    )
    return loss


def _placed(found: Tensor, scores: Tensor, batch: Batch) -> Tensor:
    """A phone at every output, where CTC's best path is believed to have it."""
    places = aligned(scores.numpy(), batch.outputs, batch.phones, batch.counts)
    return F.cross_entropy(
        found.flatten(0, 1), torch.from_numpy(places).flatten(), ignore_index=NOWHERE
    )
