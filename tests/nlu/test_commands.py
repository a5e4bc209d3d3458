"""`banli train`, `banli evaluate` and `banli parse` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from engine.cli import app

NOW = "2026-11-23T10:00"


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANLI_HOME", str(tmp_path_factory.getbasetemp() / "home"))


def run(*arguments: str | Path, given: str = "") -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=given)


def test_train_writes_a_model_and_shows_how_good_it_is(phrases: Path, tmp_path: Path) -> None:
    done = run("train", phrases, "--out", tmp_path / "model", "--dev", phrases, "--seed", "7")
    assert done.exit_code == 0
    for shown in ("cv_accuracy", "cv_macro_f1", "confusions", "topup", "intent_accuracy"):
        assert shown in done.stdout
    assert "fold 5 of 5" in done.stderr
    assert (tmp_path / "model" / "card.json").is_file()


def test_train_draws_pictures_and_names_what_is_doubtful(phrases: Path, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    done = run("train", phrases, "--out", tmp_path / "model", "--pictures", pictures)
    assert "intents of fewer than 10 phrases:" in done.stdout
    assert {path.name for path in pictures.iterdir()} == {"confusions.png", "calibration.png"}


def test_a_folder_that_cannot_be_made_is_said_in_a_line(phrases: Path, tmp_path: Path) -> None:
    done = run("train", phrases, "--out", tmp_path / "model", "--pictures", phrases / "in")
    assert done.exit_code == 2
    assert "no pictures in" in done.stderr


def test_parse_writes_one_object_a_line(small_model: Path) -> None:
    done = run("parse", "充五十块", "-", "--model", small_model, "--now", NOW, given="明天\n你好\n")
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert list(first) == ["text", "intent", "ranking", "entities"]
    assert first["text"] == "充五十块"
    assert first["intent"]["name"] == first["ranking"][0]["name"] == "topup"
    assert {"type": "money", "value": "50", "text": "五十块", "start": 1, "end": 4}.items() <= (
        first["entities"][0].items()
    )
    assert second["entities"][0]["value"] == "2026-11-24"
    assert third["intent"] == {"name": "greet", "confidence": 1.0}


def test_bytes_that_are_no_text_do_not_stop_parse(small_model: Path) -> None:
    done = run("parse", "充五十\udcff", "--model", small_model)
    assert (done.exit_code, json.loads(done.stdout)["text"]) == (0, "充五十?")


def test_a_missing_model_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    done = run("parse", "你好", "--model", tmp_path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert (
        done.stderr
        == f"banli parse: no model in {tmp_path}; make it with: banli train --out {tmp_path}\n"
    )


def test_wrong_phrases_are_one_line_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("{}\n")
    done = run("train", path, "--out", tmp_path)
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1].startswith(f"banli train: {path}:1: ")


def test_a_time_that_is_none_is_a_usage_error(small_model: Path) -> None:
    done = run("parse", "你好", "--model", small_model, "--now", "noon")
    assert done.exit_code == 2
    assert "noon" in done.stderr


def test_evaluate_tells_intents_rejection_and_speed(phrases: Path, small_model: Path) -> None:
    done = run("evaluate", phrases, "--model", small_model, "--reject", phrases, "--json")
    figures = json.loads(done.stdout)
    assert figures["intent_accuracy"] == figures["macro_f1"] == 1
    assert figures["confusions"] == []
    names = {"ece", "reject_auroc", "reject_fpr95", "p50_ms", "p99_ms"}
    assert names <= figures.keys()


def test_rows_with_slots_are_trained_and_evaluated_by_the_same_two_calls(tmp_path: Path) -> None:
    mark = {"type": "dish", "start": 2, "end": 5}
    rows = [
        {"text": verb + dish, "intent": intent, "entities": [mark]}
        for intent, verbs in {"order": ("点份", "来份"), "cancel": ("退掉", "取消")}.items()
        for verb in verbs
        for dish in ("回锅肉", "担担面", "小笼包", "麻婆豆")
    ]
    for name, part in {"train": rows, "dev": rows[::2], "test": rows[::3]}.items():
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in part)
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (tmp_path / "oos.jsonl").write_text('{"text": "天气怎么样", "intent": "weather"}\n', "utf-8")
    files = {name: tmp_path / f"{name}.jsonl" for name in ("train", "dev", "test", "oos")}
    model = tmp_path / "M"
    done = run("train", files["train"], "--dev", files["dev"], "--out", model, "--seed", "0")
    assert done.exit_code == 0
    assert "train_cpu_s" in done.stdout
    done = run("evaluate", "--model", model, files["test"], "--reject", files["oos"], "--json")
    figures = json.loads(done.stdout)
    assert figures["intent_accuracy"] == figures["slot_f1"] == figures["exact_match"] == 1
    assert {"macro_f1", "ece", "reject_auroc", "reject_fpr95", "p50_ms"} <= figures.keys()


def test_evaluate_shows_figures_as_a_table(phrases: Path, small_model: Path) -> None:
    done = run("evaluate", phrases, "--model", small_model)
    assert "intent_accuracy          1.0000" in done.stdout


def test_evaluate_counts_exact_values(small_model: Path, tmp_path: Path) -> None:
    rows = [
        {"type": "place", "text": "从上海到虹桥", "value": "上海|SHA"},
        {"type": "seat", "text": "前排靠窗", "value": "front+window"},
        {"type": "datetime", "text": "明天下午三点", "value": "2026-11-24 15:00"},
        {"type": "money", "text": "充五十块", "value": 50},
        {"type": "money", "text": "充五十块", "value": "60"},
        {"type": "id", "text": "310104198512120016", "value": None},
    ]
    path = tmp_path / "values.jsonl"
    now = {"now": "2026-11-23T10:00:00+08:00"}
    path.write_text("".join(json.dumps(now | row) + "\n" for row in rows))
    done = run("evaluate", path, "--model", small_model, "--json")
    assert json.loads(done.stdout) == {
        "entities": {
            "place": [1, 1],
            "seat": [1, 1],
            "datetime": [1, 1],
            "money": [1, 2],
            "id": [1, 1],
        }
    }
    assert "all             5 / 6" in run("evaluate", path, "--model", small_model).stdout


def test_a_file_without_rows_is_an_error(small_model: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text("", "utf-8")
    done = run("evaluate", rows, "--model", small_model)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "rows.jsonl: there are no examples here" in done.stderr
