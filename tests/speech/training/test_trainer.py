"""Learning, stopping and going on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.speech.audio import wav
from engine.speech.corpus import Recordings, load, read_manifest
from engine.speech.errors import NotLearned
from engine.speech.export import model
from engine.speech.training.batches import Batch, Plan, Producer, padded
from engine.speech.training.network import Network, Shape
from engine.speech.training.scoring import DevSet
from engine.speech.training.session import Training, train
from engine.speech.training.trainer import Report, Schedule, Trainer
from engine.speech.units import PHONES, spell
from tests.speech.export import tiny

TINY = Shape(len(PHONES), hidden=24, bottleneck=8, dilations=(1,))

USUAL = np.zeros(40, np.float32)

#: Two syllables that are two tones, in hertz.
TONES = {"ma": 400, "si": 3000}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Every row of up to two tones."""
    rng = np.random.default_rng(0)
    lines = ["file\ttext\tsyllables"]
    for number in range(24):
        row = [str(rng.choice(list(TONES))) for _ in range(1 + number % 2)]
        (tmp_path / f"{number}.wav").write_bytes(sung(row))
        lines.append(f"{number}.wav\t·\t{' '.join(row)}")
    (tmp_path / "manifest.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def sung(row: list[str]) -> bytes:
    """Tones with pauses between, as a WAV file."""
    at = np.arange(4800)
    pause = np.random.default_rng(1).integers(-20, 20, 1600).astype(np.int16)
    pieces = [pause]
    for syllable in row:
        pieces += [
            (8000 * np.sin(2 * np.pi * TONES[syllable] * at / 16_000)).astype(np.int16),
            pause,
        ]
    return wav.written(np.concatenate(pieces).tobytes(), rate=16_000)


@pytest.fixture
def recordings(corpus: Path) -> Recordings:
    return load(read_manifest(corpus), corpus / "cache")


@pytest.fixture
def batches(corpus: Path, recordings: Recordings) -> Iterator[Iterator[Batch]]:
    """Made by a process of its own, of recordings that are decoded already."""
    assert len(recordings) == 24
    clips = tuple(read_manifest(corpus))
    producer = Producer(
        Plan((clips,), corpus / "cache", USUAL, 4, context=TINY.context, words=1.0, seed=0)
    )
    yield iter(producer)
    producer.close()


def test_batches_hold_sounds_as_the_network_wants_them(batches: Iterator[Batch]) -> None:
    batch = next(batches)
    assert len(batch.features) == len(batch.frames) == len(batch.counts) == 4
    assert batch.features.shape[1] >= batch.frames.max() + 2 * TINY.context
    assert len(batch.phones) == batch.counts.sum()
    assert set(batch.phones) <= set(spell(TONES))
    assert batch.seconds == pytest.approx(batch.frames.sum() / 100)


def test_what_is_heard_again_and_again_is_learned(batches: Iterator[Batch]) -> None:
    torch.manual_seed(0)
    trainer = Trainer(Network(TINY), Schedule(hours=1, peak=1e-2, warmup_steps=5))
    batch = next(batches)
    losses = [trainer.learn(batch) for _ in range(60)]
    assert losses[-1] < 0.5 < losses[0]
    assert trainer.step == 60
    assert trainer.hours == pytest.approx(60 * batch.seconds / 3600)


def test_what_is_no_number_is_not_learned(batches: Iterator[Batch]) -> None:
    torch.manual_seed(0)
    trainer = Trainer(Network(TINY), Schedule(hours=1))
    batch = next(batches)
    batch.features[0, 5, 3] = np.nan
    with pytest.raises(NotLearned, match="step 0"):
        trainer.learn(batch)
    assert all(state.isfinite().all() for state in trainer.network.parameters())


def test_a_training_that_was_stopped_goes_on_as_if_it_had_not_been(
    batches: Iterator[Batch], tmp_path: Path
) -> None:
    torch.manual_seed(0)
    schedule = Schedule(hours=1)
    trainer = Trainer(Network(TINY), schedule)
    one, other = islice(batches, 2)
    trainer.learn(one)
    trainer.save(tmp_path / "checkpoint.pt")
    resumed = Trainer.resumed(tmp_path / "checkpoint.pt", schedule)
    for each in (trainer, resumed):
        torch.manual_seed(1)
        each.learn(other)
    assert resumed.step == trainer.step == 2
    for ours, theirs in zip(
        trainer.averaged.state_dict().values(), resumed.averaged.state_dict().values(), strict=True
    ):
        torch.testing.assert_close(ours, theirs)


def test_the_rate_warms_up_stays_and_cools_down() -> None:
    schedule = Schedule(hours=100, peak=1e-3, warmup_steps=10, cooling=0.5)
    assert schedule.rate(0, 0) == pytest.approx(1e-4)
    assert schedule.rate(50, 20) == schedule.rate(90, 49) == 1e-3
    assert schedule.rate(500, 75) == pytest.approx(5e-4)
    assert schedule.rate(900, 100) == pytest.approx(2e-5)


def test_little_happens_to_the_sounds_at_first_and_everything_later() -> None:
    schedule = Schedule(hours=100, plain=10, hardest=0.5)
    assert [schedule.strength(hours) for hours in (0, 10, 30, 50, 90)] == pytest.approx(
        [0.1, 0.1, 0.55, 1.0, 1.0]
    )


def test_a_network_that_has_learned_goes_on_slowly_and_hears_hard_sounds_at_once() -> None:
    schedule = Schedule.onwards(hours=10)
    assert schedule.rate(5000, 2) < Schedule(hours=10).rate(5000, 2) / 3
    assert schedule.strength(1.0) == 1.0


def test_a_dev_set_is_scored_by_source(recordings: Recordings) -> None:
    errors = DevSet([recordings]).errors(Network(TINY))
    assert errors.said == {recordings.clips[0].source: 36}
    assert errors.rate > 0


def test_a_training_begins_with_the_network_of_a_model(corpus: Path) -> None:
    parts = tiny.parts()
    model.assemble(corpus / "model", parts, model.Card(made="", command=""))
    schedule = Schedule(0.01, peak=0.0)
    start = corpus / "model"
    trainer = train(
        Training((corpus,), (), corpus / "out", schedule, batch=4, words=1.0, start=start),
        lambda report: None,
    )
    torch.testing.assert_close(
        trainer.network.output.weight.detach(), torch.from_numpy(parts.network.output.weight)
    )


def test_a_whole_training_leaves_a_checkpoint_and_a_curve_and_goes_on_there(corpus: Path) -> None:
    reports: list[Report] = []
    out = corpus / "out"

    def some(hours: float) -> Training:
        return Training(
            (corpus,), (corpus,), out, Schedule(hours), TINY, batch=4, words=1.0, every=0.01
        )

    train(some(0.02), reports.append)
    train(some(0.03), reports.append)
    assert [round(report.hours, 2) for report in reports] == [0.01, 0.02, 0.03]
    header, *lines = (out / "curve.tsv").read_text(encoding="utf-8").splitlines()
    assert header.split("\t")[:5] == ["step", "hours", "loss", "rate", "error"]
    assert len(lines) == 3
    assert padded(np.zeros((1, 40), np.float32), 2).shape == (5, 40)
