"""The directory of a model: what is in it, and that it is whole or not there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from engine.speech.export import model
from engine.speech.export.lexicon_graph import Costs
from engine.speech.export.parts import How
from tests.speech.export import tiny

CARD = model.Card(made="2026-11-25T15:00:00+00:00", command="banli speech export")


def test_a_model_has_the_files_that_vosk_looks_for(tmp_path: Path) -> None:
    model.assemble(tmp_path / "model", tiny.parts(), CARD)
    found = {str(file.relative_to(tmp_path / "model")) for file in tmp_path.rglob("*.*")}
    assert found - {"card.json"} == {
        "am/final.mdl",
        "am/global_cmvn.stats",
        "conf/mfcc.conf",
        "conf/model.conf",
        "graph/HCLr.fst",
        "graph/Gr.fst",
        "graph/words.txt",
        "graph/phones/word_boundary.int",
        "graph/disambig_tid.int",
    }


def test_a_card_names_sizes_and_every_file_by_its_hash(tmp_path: Path) -> None:
    given = model.assemble(tmp_path / "model", tiny.parts(), CARD)
    card = msgspec.json.decode((tmp_path / "model" / "card.json").read_bytes(), type=model.Card)
    assert card == given
    assert (card.made, card.command) == (CARD.made, CARD.command)
    assert card.parameters == tiny.network().parameters
    assert card.words == len(tiny.lexicon()) + 1
    for name, digest in card.files.items():
        content = (tmp_path / "model" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
    assert len(card.files) == 9


def test_the_same_parts_make_the_same_bytes() -> None:
    assert model.files(tiny.parts()) == model.files(tiny.parts())


def test_a_model_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    model.assemble(tmp_path / "model", tiny.parts(0), CARD)
    (tmp_path / "model" / "graph" / "HCLG.fst").write_bytes(b"of another program")
    model.assemble(tmp_path / "model", tiny.parts(1), CARD)
    assert not (tmp_path / "model" / "graph" / "HCLG.fst").exists()
    assert [each.name for each in tmp_path.iterdir()] == ["model"]


def test_a_model_that_cannot_be_made_leaves_the_one_before(tmp_path: Path) -> None:
    model.assemble(tmp_path / "model", tiny.parts(), CARD)
    before = (tmp_path / "model" / "card.json").read_bytes()
    broken = tiny.parts(how=How(Costs(inside="much")))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="could not convert string to float"):
        model.assemble(tmp_path / "model", broken, CARD)
    assert (tmp_path / "model" / "card.json").read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["model"]


def test_lines_of_the_configuration_can_be_changed_and_added() -> None:
    files = model.files(tiny.parts(how=How(decoding={"beam": "10", "frames-per-chunk": "30"})))
    lines = files["conf/model.conf"].decode().splitlines()
    assert "--beam=10" in lines
    assert "--frames-per-chunk=30" in lines
    assert "--beam=13.0" not in lines
    assert "--dither=0" in files["conf/mfcc.conf"].decode().splitlines()


def test_a_hiss_is_what_kaldi_calls_dither() -> None:
    files = model.files(tiny.parts(how=How(hiss=2.5)))
    assert "--dither=2.5" in files["conf/mfcc.conf"].decode().splitlines()


def test_what_people_should_know_lies_beside_the_card(tmp_path: Path) -> None:
    model.assemble(tmp_path / "model", tiny.parts(), CARD, about="# 我们的\n".encode())
    assert (tmp_path / "model/card.md").read_text(encoding="utf-8") == "# 我们的\n"
