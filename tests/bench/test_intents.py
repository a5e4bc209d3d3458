"""`banli bench nlu`: the engine beside other ways, on a small set of phrases."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from engine import assets
from engine.bench.phrase_sets import sets_in
from engine.bench.rivals import Majority, Words
from engine.bench.rivals.rasa import Rasa, figures, rasa_json
from engine.bench.server import BenchError
from engine.cli import app
from engine.nlu import dataset
from engine.nlu.recognizer import Recognizer

VERBS = {"order": ("点份", "来份", "想要"), "cancel": ("退掉", "不要", "取消")}
DISHES = ("回锅肉", "担担面", "小笼包", "麻婆豆")
MARK = {"type": "dish", "start": 2, "end": 5}
ROWS = [
    {"text": verb + dish, "intent": intent, "entities": [MARK]}
    for intent, verbs in VERBS.items()
    for verb in verbs
    for dish in DISHES
]

#: Does what the bench asks of Rasa: keeps to the files, and writes a report of the test.
RASA = """#!{python}
import json, pathlib, sys
assert sys.argv[1:3] == ["-m", "rasa"], sys.argv
command, given = sys.argv[3], pathlib.Path(sys.argv[sys.argv.index("--nlu") + 1])
rows = json.loads(given.read_text("utf-8"))["rasa_nlu_data"]["common_examples"]
assert rows[0]["entities"][0]["value"] == "回锅肉"
if command == "test":
    pathlib.Path("results").mkdir()
    report = {{"accuracy": 0.75, "macro avg": {{"f1-score": 0.7}}}}
    pathlib.Path("results/intent_report.json").write_text(json.dumps(report))
elif pathlib.Path("config.yml").read_text("utf-8").find("DIETClassifier") < 0:
    sys.exit("no pipeline")
"""


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    path.parent.mkdir(exist_ok=True, parents=True)
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def phrases(tmp_path: Path) -> Path:
    """A folder with one set, `dishes`."""
    written(tmp_path / "dishes" / "train.jsonl", ROWS)
    written(tmp_path / "dishes" / "dev.jsonl", ROWS[::3])
    written(tmp_path / "dishes" / "oos.jsonl", [{"text": "天气怎么样", "intent": "weather"}])
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["bench", "nlu", *map(str, arguments)])


def script(path: Path, text: str) -> Path:
    path.write_text(text.format(python=sys.executable), encoding="utf-8")
    path.chmod(0o700)
    return path


def test_every_system_is_trained_and_tested_on_every_set(phrases: Path, tmp_path: Path) -> None:
    rasa = script(tmp_path / "python", RASA)
    done = run(phrases, "--rasa", rasa, "--json")
    assert done.exit_code == 0, done.output
    systems = json.loads(done.stdout)["dishes"]
    assert {"banli", "majority", "jieba-svc", "Rasa DIET"} <= systems.keys()
    names = {"intent_accuracy", "macro_f1", "slot_f1", "exact_match", "ece", "reject_auroc"}
    names |= {"reject_fpr95", "p50_ms", "train_cpu_s", "model_mb"}
    assert names <= systems["banli"].keys()
    assert systems["banli"]["slot_f1"] == 1
    assert systems["majority"]["intent_accuracy"] == 0.5
    assert systems["Rasa DIET"]["intent_accuracy"] == 0.75


def test_the_table_names_set_system_and_figures(phrases: Path) -> None:
    done = run(phrases / "dishes")
    assert done.exit_code == 0
    for shown in ("dishes", "banli", "jieba-svc", "accuracy", "slot F1", "AUROC", "train CPU s"):
        assert shown in done.stdout


def test_a_folder_without_a_set_is_one_line(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "has no train and test (or dev)" in done.stderr


def test_a_test_file_is_preferred_to_a_dev_file_and_rejects_add_up(phrases: Path) -> None:
    test = written(phrases / "dishes" / "test.jsonl", ROWS[:2])
    more = phrases / "more.jsonl"
    (found,) = sets_in(phrases, reject=[more])
    assert (found.name, found.test) == ("dishes", test)
    assert found.reject == [phrases / "dishes" / "oos.jsonl", more]


def test_an_interpreter_without_rasa_is_an_error(phrases: Path, tmp_path: Path) -> None:
    (found,) = sets_in(phrases)
    broken = script(tmp_path / "broken", "#!{python}\nimport sys\nsys.exit('No module named rasa')")
    with pytest.raises(BenchError, match="rasa train failed: No module named rasa"):
        Rasa(broken, 0)(found)
    with pytest.raises(BenchError, match="cannot be run"):
        Rasa(tmp_path / "nobody", 0)(found)
    with pytest.raises(BenchError, match="report of rasa"):
        figures(tmp_path)


def test_rasa_reads_offsets(phrases: Path) -> None:
    rows = json.loads(rasa_json(dataset.read([phrases / "dishes" / "train.jsonl"])))
    first = rows["rasa_nlu_data"]["common_examples"][0]
    assert first["entities"] == [{"start": 2, "end": 5, "value": "回锅肉", "entity": "dish"}]


def test_words_beat_the_commonest_intent() -> None:
    cut = Recognizer(assets.data() / "lexicons").cut
    texts, intents = zip(*((str(row["text"]), str(row["intent"])) for row in ROWS), strict=True)
    majority, words = Majority(), Words(cut, seed=0)
    for rival in (majority, words):
        rival.fit([*texts, "退掉吧"], [*intents, "cancel"])
    assert {majority.guess(text) for text in texts} == {"cancel"}
    assert [words.guess(text) for text in texts] == list(intents)
