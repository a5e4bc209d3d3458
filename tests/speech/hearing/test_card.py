"""A speech model that is not as its card says is not loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine import assets
from engine.speech.errors import NoModel
from engine.speech.hearing.card import changed
from engine.speech.hearing.vosk import VoskEngine

SHIPPED = assets.models() / "speech" / "zh-banli"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


def test_the_shipped_model_is_as_its_card_says() -> None:
    assert changed(SHIPPED) == ""


def test_a_model_of_another_maker_has_no_card(copy: Path) -> None:
    (copy / "card.json").unlink()
    assert changed(copy) == ""


@pytest.mark.parametrize("name", ["am/final.mdl", "graph/words.txt", "conf/mfcc.conf"])
def test_a_changed_file_is_refused(copy: Path, name: str) -> None:
    with (copy / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(NoModel, match=name):
        VoskEngine.load(copy)


@pytest.mark.parametrize("card", [b"{", b'{"files": 1}', b"\xff"])
def test_a_card_that_is_none_vouches_for_nothing(copy: Path, card: bytes) -> None:
    (copy / "card.json").write_bytes(card)
    with pytest.raises(NoModel, match=r"card\.json cannot be read"):
        VoskEngine.load(copy)


def test_a_missing_file_is_refused(copy: Path) -> None:
    (copy / "graph" / "Gr.fst").unlink()
    assert "Gr.fst is not the file" in changed(copy)
