"""Rasa's DIET classifier, run by the interpreter of an environment that has Rasa 3.

Rasa wants an older Python than we do, so it is never in ours. Its commands and report files are
those of https://rasa.com/docs/rasa/command-line-interface.
"""

from __future__ import annotations

import json
import resource
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.bench.phrase_sets import PhraseSet
from engine.bench.server import BenchError
from engine.nlu import dataset
from engine.nlu.example import Example

CONFIG = """\
recipe: default.v1
language: zh
pipeline:
  - name: JiebaTokenizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 3
  - name: DIETClassifier
    epochs: 100
    random_seed: {seed}
policies: []
"""


@dataclass(frozen=True, slots=True)
class Rasa:
    """``python`` is an interpreter whose environment has ``rasa`` and ``jieba``."""

    python: Path
    seed: int

    def __call__(self, phrases: PhraseSet) -> dict[str, float]:
        """Accuracy and macro-F1 of intents, and CPU of training. Raises `BenchError`."""
        with tempfile.TemporaryDirectory(prefix="banli-bench-") as place:
            folder = Path(place)
            (folder / "config.yml").write_text(CONFIG.format(seed=self.seed), encoding="utf-8")
            for name, path in (("train", phrases.train), ("test", phrases.test)):
                (folder / f"{name}.json").write_text(rasa_json(dataset.read([path])), "utf-8")
            before = _children()
            self._run(folder, "train", "nlu", "--config", "config.yml", "--nlu", "train.json")
            seconds = _children() - before
            self._run(folder, "test", "nlu", "--nlu", "test.json", "--out", "results")
            return figures(folder / "results") | {"train_cpu_s": seconds}

    def _run(self, folder: Path, *arguments: str) -> None:
        command = [str(self.python), "-m", "rasa", *arguments]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
        except OSError as error:
            raise BenchError(f"{self.python} cannot be run: {error}") from error
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["nothing said"]
            raise BenchError(f"rasa {arguments[0]} failed: {said[-1]}")


def rasa_json(examples: Sequence[Example]) -> str:
    """Rasa's JSON format, which marks slots by offsets and so needs no escapes."""
    rows = [
        {
            "text": example.text,
            "intent": example.intent,
            "entities": [
                {
                    "start": entity.start,
                    "end": entity.end,
                    "value": example.text[entity.start : entity.end],
                    "entity": entity.type,
                }
                for entity in example.entities
            ],
        }
        for example in examples
    ]
    return json.dumps({"rasa_nlu_data": {"common_examples": rows}}, ensure_ascii=False)


def figures(results: Path) -> dict[str, float]:
    """What the report of ``rasa test nlu`` says about intents. Raises `BenchError`."""
    try:
        report = json.loads((results / "intent_report.json").read_bytes())
        accuracy = report.get("accuracy") or report["micro avg"]["f1-score"]
        return {
            "intent_accuracy": float(accuracy),
            "macro_f1": float(report["macro avg"]["f1-score"]),
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BenchError(f"the report of rasa cannot be read: {error}") from error


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
