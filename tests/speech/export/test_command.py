"""`banli speech export` as a user meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
import vosk
from typer.testing import CliRunner, Result

from engine.cli import app
from engine.speech.export import acoustic, model
from engine.speech.language.ngrams import write_arpa
from engine.speech.lexicon import lexicon as lexicons
from tests.speech.export import tiny

CARD = model.Card(made="2026-11-25T15:00:00+00:00", command="banli speech export")


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    """A model whose network is to be kept, a lexicon and n-grams."""
    model.assemble(tmp_path / "before", tiny.parts(), CARD)
    lexicons.write(tiny.lexicon(), tmp_path / "lexicon.tsv")
    write_arpa(tiny.ngrams(), tmp_path / "lm.arpa")
    return {
        "--checkpoint": tmp_path / "before",
        "--lexicon": tmp_path / "lexicon.tsv",
        "--lm": tmp_path / "lm.arpa",
        "--out": tmp_path / "after",
    }


def run(sources: dict[str, Path], *options: str) -> Result:
    named = [str(each) for pair in sources.items() for each in pair]
    return CliRunner().invoke(app, ["speech", "export", *named, *options])


def test_a_model_is_made_anew_with_other_words_and_the_same_network(
    sources: dict[str, Path],
) -> None:
    done = run(sources, "--blank", "0.5", "--option", "beam=10")
    assert done.exit_code == 0, done.output
    assert "32 words" in done.stdout
    assert "--beam=10" in (sources["--out"] / "conf" / "model.conf").read_text().splitlines()
    before, after = (
        acoustic.load(sources[name]).output.weight for name in ("--checkpoint", "--out")
    )
    assert (before == after).all()
    vosk.SetLogLevel(-1)
    assert vosk.Model(str(sources["--out"])).vosk_model_find_word("改签") > 0


def test_a_wrong_line_of_the_lexicon_is_named(sources: dict[str, Path]) -> None:
    sources["--lexicon"].write_text("北京\tbei jing\n上海\tshang hxi\n", encoding="utf-8")
    done = run(sources)
    assert done.exit_code == 1
    assert "lexicon.tsv:2: no syllable of Mandarin: 'hxi'" in done.stderr
    assert not sources["--out"].exists()


def test_a_folder_without_a_model_is_named(sources: dict[str, Path], tmp_path: Path) -> None:
    done = run(sources | {"--checkpoint": tmp_path})
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"banli speech export: no acoustic model in {tmp_path}" in done.stderr


def test_an_option_without_a_value_is_a_mistake(sources: dict[str, Path]) -> None:
    done = run(sources, "--option", "beam")
    assert done.exit_code == 2
    assert "NAME=VALUE" in done.stderr
