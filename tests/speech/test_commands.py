"""`banli transcribe` and `banli chat --voice`, with Vosk and a model that hears nonsense."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from engine.cli import app
from engine.speech.audio.decoder import Decoder
from engine.speech.expected import Expected
from engine.speech.export import model
from engine.speech.heard import Heard
from engine.speech.recognizer import Recognizer
from tests.speech.export import tiny

VOICES = Path(__file__).parent / "voices"
AFFIRM, MONEY, PHONE = (VOICES / name for name in ("affirm-1.ogg", "money-1.ogg", "phone-1.amr"))
WORDS = ("广州", "明天")


@pytest.fixture(scope="module")
def nonsense(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that always hears the same in the same clip."""
    folder = tmp_path_factory.mktemp("models") / "nonsense"
    model.assemble(folder, tiny.parts(2), model.Card(made="2026-11-25", command="a test"))
    return folder


def heard(folder: Path, file: Path, expected: Expected | None = None) -> Heard:
    """What the room itself hears."""
    upload = file.read_bytes()

    async def hear() -> Heard:
        async with Recognizer.load(folder) as recognizer, Decoder() as decoder:
            sound = await decoder.decode(upload)
            return await recognizer.hear(sound, expected or Expected(), patience=60)

    return asyncio.run(hear())


def run(*arguments: str | Path, typed: str | bytes = "") -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments], input=typed)


def test_one_recording_gives_its_words(nonsense: Path) -> None:
    result = run("transcribe", MONEY, "--model", nonsense)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{heard(nonsense, MONEY).text}\n"


def test_a_recording_may_come_by_the_input(nonsense: Path) -> None:
    result = run("transcribe", "-", "--model", nonsense, typed=MONEY.read_bytes())
    assert result.stdout == f"{heard(nonsense, MONEY).text}\n"


def test_several_recordings_give_a_line_each_in_their_order(nonsense: Path) -> None:
    result = run("transcribe", MONEY, AFFIRM, "--model", nonsense)
    lines = [f"{file}: {heard(nonsense, file).text}\n" for file in (MONEY, AFFIRM)]
    assert result.stdout == "".join(lines)


def test_json_has_times_confidences_and_alternatives(nonsense: Path) -> None:
    row = json.loads(run("transcribe", MONEY, "--json", "--model", nonsense).stdout)
    whole = heard(nonsense, MONEY)
    assert row["file"] == str(MONEY)
    assert row["format"] == "ogg-opus"
    assert row["seconds"] > 0.5
    assert row["text"] == whole.text
    assert row["confidence"] == pytest.approx(whole.confidence)
    assert [word["text"] for word in row["words"]] == [word.text for word in whole.words]
    assert len(row["alternatives"]) == len(whole.alternatives)


def test_words_that_may_be_said_are_read_from_a_file(nonsense: Path, tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("﻿# 城市\n广州\n\n 明天 \n", encoding="utf-8")
    result = run("transcribe", PHONE, "--words", file, "--model", nonsense)
    assert result.stdout == f"{heard(nonsense, PHONE, Expected(phrases=WORDS)).text}\n"


def test_a_kind_that_is_none_is_told_with_those_that_are(nonsense: Path) -> None:
    result = run("transcribe", PHONE, "--kind", "colour", "--model", nonsense)
    assert result.exit_code == 2
    assert "'colour' is none of" in result.stderr


def test_what_cannot_be_heard_is_one_line_and_the_rest_is_heard(
    nonsense: Path, tmp_path: Path
) -> None:
    (tmp_path / "text.amr").write_text("hello")
    files = [tmp_path / "none.amr", tmp_path / "text.amr", MONEY]
    result = run("transcribe", *files, "--model", nonsense)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{MONEY}: ")
    mine = [line for line in result.stderr.splitlines() if line.startswith("banli transcribe: ")]
    assert mine[0] == f"banli transcribe: {files[0]}: No such file or directory"
    assert mine[1].startswith(f"banli transcribe: {files[1]}: not audio")
    assert len(mine) == 2


def test_a_model_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    result = run("transcribe", MONEY, "--model", tmp_path / "none")
    assert result.exit_code == 1
    assert result.stderr.startswith("banli transcribe: no model of speech in ")
    assert result.stderr.count("\n") == 1


def test_a_fetched_model_is_found_by_its_name(
    nonsense: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANLI_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "nonsense").symlink_to(nonsense)
    result = run("transcribe", MONEY, "--model", "nonsense")
    assert result.stdout == f"{heard(nonsense, MONEY).text}\n"


def test_what_is_understood_is_measured_with_the_model_that_is_set_up(
    nonsense: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANLI_SPEECH_MODEL", str(nonsense))
    manifest = tmp_path / "manifest.tsv"
    manifest.write_text(f"file\ttext\tkind\tintent\tslots\n{MONEY}\t五十块\tmoney\t\t\n")
    result = run("bench", "understood", manifest, "--show")
    assert result.exit_code == 0, result.output
    assert heard(nonsense, MONEY, Expected(frozenset({"money"}))).text in result.stderr


def test_a_chat_begins_with_recordings_and_goes_on_with_words(
    nonsense: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANLI_SPEECH_MODEL", str(nonsense))
    options = ["--now", "2026-11-23T10:00", "--trace", "--voice", str(AFFIRM)]
    result = run("chat", *options, typed=f"/voice {MONEY}\n充话费\n/quit\n")
    assert result.exit_code == 0, result.output
    assert f"您> /voice {AFFIRM}" in result.stdout
    assert len(re.findall(r"^\[voice\] [一-鿿]+ \d\.\d\d anything", result.stdout, re.M)) == 2
    assert "请问给哪个手机号充值" in result.stdout


def test_a_chat_goes_on_after_a_recording_that_is_not_there(
    nonsense: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANLI_SPEECH_MODEL", str(nonsense))
    result = run("chat", typed="/voice none.amr\n充话费\n/quit\n")
    assert result.exit_code == 0, result.output
    assert "none.amr: No such file or directory" in result.stdout
    assert "请问给哪个手机号充值" in result.stdout


def test_a_chat_without_a_model_of_speech_says_so_where_a_recording_is_spoken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANLI_SPEECH_MODEL", str(tmp_path / "none"))
    typed = run("chat", typed=f"/voice {MONEY}\n/quit\n")
    assert typed.exit_code == 0
    assert "no model of speech in" in typed.stdout
    begun = run("chat", "--voice", MONEY)
    assert begun.exit_code == 1
    assert begun.stderr.startswith("banli chat: no model of speech in")
