"""Vosk itself, on models of this program, held against a search that tries every path."""

from __future__ import annotations

import json
from pathlib import Path

import kaldi_native_fbank
import numpy as np
import pytest
import vosk

from engine.speech.export import acoustic, lexicon_graph, model
from engine.speech.export.lexicon_graph import Costs
from engine.speech.export.parts import How, Parts
from engine.speech.kaldi import openfst
from tests.speech.export import tiny
from tests.speech.export.search import Search

CARD = model.Card(made="2026-11-25T15:00:00+00:00", command="banli speech export")
TOLERANCE = 1e-3


@pytest.fixture(autouse=True, scope="module")
def quiet() -> None:
    vosk.SetLogLevel(-1)


def exported(folder: Path, parts: Parts) -> vosk.Model:
    model.assemble(folder, parts, CARD)
    return vosk.Model(str(folder))


def heard(recognizer: vosk.KaldiRecognizer, samples: np.ndarray) -> dict[str, float]:
    """Vosk's texts with their scores, in chunks as they come over a network."""
    recognizer.SetMaxAlternatives(5)
    for at in range(0, len(samples), 3000):
        recognizer.AcceptWaveform(samples[at : at + 3000].tobytes())
    found = json.loads(recognizer.FinalResult())["alternatives"]
    return {each["text"].strip(): each["confidence"] for each in found}


def mfcc(samples: np.ndarray) -> np.ndarray:
    options = kaldi_native_fbank.MfccOptions()
    options.frame_opts.dither = 0
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = options.num_ceps = 40
    options.mel_opts.low_freq, options.mel_opts.high_freq = 20, 7600
    options.use_energy = False
    computer = kaldi_native_fbank.OnlineMfcc(options)
    computer.accept_waveform(16000, samples.astype(np.float32).tolist())
    computer.input_finished()
    return np.stack([computer.get_frame(at) for at in range(computer.num_frames_ready)])


def likelihoods(parts: Parts, folder: Path, samples: np.ndarray) -> np.ndarray:
    """Of the network in the folder: halved weights are what Vosk has."""
    found = acoustic.load(folder).log_probabilities(mfcc(samples))
    found[:, 0] -= parts.how.blank
    return found


def search(parts: Parts) -> Search:
    outputs = parts.network.outputs
    graph = lexicon_graph.lexicon_graph(parts.tree, outputs, parts.how.costs)
    return Search(graph, parts.grammar, outputs)


def ids(parts: Parts, text: str) -> tuple[int, ...]:
    return tuple(parts.tree.ids[word] for word in text.split())


#: So dear that a search which does not look ahead never loses itself in `[unk]`.
DEAR = 50.0


@pytest.mark.parametrize(
    ("seed", "seconds", "how"),
    [
        (0, 1.0, How(Costs(unknown=DEAR))),
        (1, 1.0, How(Costs(unknown=DEAR), blank=1.5)),
        (2, 0.7, How(Costs(inside=0.0, silence=0.3, unknown=DEAR), halved=True)),
        (3, 0.4, How(Costs(unknown=DEAR), decoding={"beam": "15", "lattice-beam": "8"})),
    ],
)
def test_vosk_gives_every_text_the_score_of_its_best_path(
    tmp_path: Path, seed: int, seconds: float, how: How
) -> None:
    parts, samples = tiny.parts(seed, how), tiny.sound(seed, seconds)
    model.assemble(tmp_path / "model", parts, CARD)
    graph = lexicon_graph.lexicon_graph(parts.tree, parts.network.outputs, how.costs)
    (tmp_path / "model" / "graph" / "HCLr.fst").write_bytes(openfst.const(graph))
    recognizer = vosk.KaldiRecognizer(vosk.Model(str(tmp_path / "model")), 16000)
    found, every = heard(recognizer, samples), search(parts)
    sounds = likelihoods(parts, tmp_path / "model", samples)
    for text, score in found.items():
        best = every.best(sounds, ids(parts, text))
        assert best.score == pytest.approx(score, abs=TOLERANCE), text
    assert every.best(sounds).words == ids(parts, next(iter(found)))


def test_looking_ahead_changes_no_score_by_more_than_its_rounding(tmp_path: Path) -> None:
    parts, samples = tiny.parts(2), tiny.sound(2, 1.0)
    recognizer = vosk.KaldiRecognizer(exported(tmp_path / "model", parts), 16000)
    found, every = heard(recognizer, samples), search(parts)
    sounds = likelihoods(parts, tmp_path / "model", samples)
    for text, score in found.items():
        best = every.best(sounds, ids(parts, text))
        # OpenFst rounds what it sees ahead to 1/1024 wherever a path goes on (`Quantize`).
        assert best.score == pytest.approx(score, abs=TOLERANCE + len(sounds) / 2048), text
    assert every.best(sounds).words == ids(parts, next(iter(found)))


def test_a_grammar_at_run_time_hears_its_words_alone(tmp_path: Path) -> None:
    parts, samples = tiny.parts(0), tiny.sound(0, 1.0)
    vosk_model = exported(tmp_path / "model", parts)
    grammar = json.dumps(["北京 上海", "改签 航班"], ensure_ascii=False)
    for text in heard(vosk.KaldiRecognizer(vosk_model, 16000, grammar), samples):
        assert set(text.split()) <= {"北京", "上海", "改签", "航班"}


def test_a_grammar_with_unk_lets_other_sounds_go(tmp_path: Path) -> None:
    parts, samples = tiny.parts(0, How(Costs(unknown=0.0))), tiny.sound(0, 1.0)
    vosk_model = exported(tmp_path / "model", parts)
    recognizer = vosk.KaldiRecognizer(vosk_model, 16000, '["重庆", "[unk]"]')
    assert "[unk]" in next(iter(heard(recognizer, samples)))


def test_words_have_times_inside_of_the_sound(tmp_path: Path) -> None:
    parts, samples = tiny.parts(3), tiny.sound(3, 1.0)
    recognizer = vosk.KaldiRecognizer(exported(tmp_path / "model", parts), 16000)
    recognizer.SetWords(True)
    recognizer.AcceptWaveform(samples.tobytes())
    found = json.loads(recognizer.FinalResult())
    edges = [edge for word in found["result"] for edge in (word["start"], word["end"])]
    assert [word["word"] for word in found["result"]] == found["text"].split() != []
    assert edges == sorted(edges)
    assert edges[0] >= 0
    assert edges[-1] <= 1.0
