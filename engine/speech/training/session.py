"""A training from corpora to a checkpoint, with its curve."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import torch

from engine.speech.corpus import Clip, load, load_all, read_manifest
from engine.speech.export import acoustic
from engine.speech.export.checkpoint import arrays_of
from engine.speech.training.batches import Plan, Producer
from engine.speech.training.cutting import cuts
from engine.speech.training.features import mfcc
from engine.speech.training.network import STRIDE, Network, Shape
from engine.speech.training.scoring import DevSet, moments
from engine.speech.training.trainer import Report, Schedule, Trainer
from engine.speech.units import PHONES

CHECKPOINT = "checkpoint.pt"
CURVE = "curve.tsv"

#: A kernel is made for each layer and each length of sound; oneDNN forgets them beyond 1,024, and
#: making them anew took a seventh of the time.
_KERNELS = "20000"


@dataclass(frozen=True, slots=True)
class Training:
    """What is learned from, what is measured on, where it is kept, and how."""

    corpora: tuple[Path, ...]
    dev: tuple[Path, ...]
    out: Path
    schedule: Schedule
    shape: Shape = field(default_factory=lambda: Shape(len(PHONES)))
    batch: int = 8
    words: float = 0.4
    every: float = 4.0
    start: Path | None = None


def train(training: Training, tell: Callable[[Report], None]) -> Trainer:
    """Begins, or goes on from the checkpoint in ``out``; keeps a checkpoint after every report.

    Raises `BadManifest`. Runs on one core, and makes batches in another process.
    """
    torch.set_num_threads(1)
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", _KERNELS)
    training.out.mkdir(parents=True, exist_ok=True)
    cache = training.out / "cache"
    corpora = tuple(tuple(read_manifest(corpus)) for corpus in training.corpora)
    dev = DevSet(load(read_manifest(corpus), cache) for corpus in training.dev)
    recordings = load_all(corpora, cache)
    trainer = _trainer(training, corpora[0], cache)
    places = cuts(recordings, trainer.averaged) if trainer.step or training.start else ()
    context = trainer.network.shape.context
    usual = trainer.network.usual.numpy()
    plan = Plan(
        corpora, cache, usual, training.batch, context, training.words, trainer.step, places
    )
    producer = Producer(plan)

    def keep(report: Report) -> None:
        trainer.save(training.out / CHECKPOINT)
        _draw_on(training.out / CURVE, report)
        tell(report)

    try:
        trainer.run(producer, dev, training.every, keep)
    finally:
        producer.close()
    return trainer


def _trainer(training: Training, some: Sequence[Clip], cache: Path) -> Trainer:
    checkpoint = training.out / CHECKPOINT
    if checkpoint.exists():
        return Trainer.resumed(checkpoint, training.schedule)
    torch.manual_seed(0)
    if training.start:
        return Trainer(_network_of(training.start), training.schedule)
    network = Network(training.shape)
    recordings = load(some, cache)
    mean, deviation = moments(
        mfcc(recordings.samples(at)) for at in islice(range(0, len(recordings), 7), 300)
    )
    network.usual.copy_(torch.from_numpy(mean))
    network.scale.copy_(torch.from_numpy(1 / (deviation + 0.1)))
    return Trainer(network, training.schedule)


def _network_of(model: Path) -> Network:
    """The network of a model directory, to learn on."""
    kept = acoustic.load(model)
    network = Network(
        Shape(
            kept.outputs,
            hidden=len(kept.first.bias),
            bottleneck=len(kept.blocks[0].narrow.weight),
            dilations=tuple(block.wide.offsets[1] // STRIDE for block in kept.blocks),
        )
    )
    state = {name: torch.from_numpy(array) for name, array in arrays_of(kept).items()}
    # What a model does not keep is how many batches each norm has seen.
    network.load_state_dict(network.state_dict() | state)
    return network


def _draw_on(curve: Path, report: Report) -> None:
    """One line more; a table that any tool can draw."""
    row = {
        "step": report.step,
        "hours": round(report.hours, 2),
        "loss": round(report.loss, 4),
        "rate": f"{report.rate:.2e}",
        "error": round(report.errors.rate, 4),
        **{source: round(rate, 4) for source, rate in report.errors.rates().items()},
    }
    new = not curve.exists()
    with curve.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, row.keys(), delimiter="\t", lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)
