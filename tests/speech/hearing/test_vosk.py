"""Vosk's answers, and directories that hold no model for it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.speech.errors import NoModel
from engine.speech.hearing.engine import Hypothesis, Spoken
from engine.speech.hearing.vosk import VoskEngine, hypotheses

ANSWER = """{"alternatives" : [
  {"confidence" : -38.5, "result" : [
    {"end" : 0.57, "start" : 0.24, "word" : "充"}, {"end" : 0.9, "start" : 0.57, "word" : "五十"}
  ], "text" : "充 五十"},
  {"confidence" : -41.25, "text" : ""}
]}"""


def test_alternatives_are_read_with_their_words_and_times() -> None:
    assert hypotheses(ANSWER) == [
        Hypothesis((Spoken("充", 0.24, 0.57), Spoken("五十", 0.57, 0.9)), -38.5),
        Hypothesis((), -41.25),
    ]


def test_an_answer_about_no_sound_holds_no_hypothesis() -> None:
    assert hypotheses('{"text": ""}') == []


def test_a_directory_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match=r"no-model.*no such directory.*banli models fetch"):
        VoskEngine.load(tmp_path / "no-model")


def test_a_directory_without_a_model_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match=r"cannot read what is there.*BANLI_SPEECH_MODEL"):
        VoskEngine.load(tmp_path)


def test_a_missing_package_is_an_error_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vosk", None)
    with pytest.raises(NoModel, match="pip install vosk"):
        VoskEngine.load(tmp_path)


def test_settings_that_would_end_the_process_are_found_before(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "model.conf").write_text("--beam=13\n")
    with pytest.raises(NoModel, match="silence-phones"):
        VoskEngine.load(tmp_path)
