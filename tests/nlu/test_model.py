"""A model on disk is read as it was written, or refused."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.nlu import model as models
from engine.nlu.errors import ModelError
from engine.nlu.interpreter import Interpreter
from engine.nlu.model import CARD, WEIGHTS, WORDS
from engine.nlu.recognizer import Recognizer


@pytest.fixture
def copy(small_model: Path, tmp_path: Path) -> Path:
    return shutil.copytree(small_model, tmp_path / "model")


def sign(folder: Path) -> None:
    """Make the card vouch for the files as they are now."""
    card: dict[str, Any] = json.loads((folder / CARD).read_bytes())
    for name in (WEIGHTS, WORDS):
        card["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / CARD).write_text(json.dumps(card))


def test_a_saved_model_says_the_same_when_it_is_read(
    small_model: Path, copy: Path, recognizer: Recognizer, now: datetime
) -> None:
    first = Interpreter(models.load(small_model), recognizer)
    models.save(models.load(small_model), models.load_card(small_model), copy)
    again = Interpreter(models.load(copy), recognizer)
    for text in ("充五十", "飞机几点到啊", "天气"):
        assert first.parse(text, now=now) == again.parse(text, now=now)


def test_the_card_says_where_the_model_comes_from(small_model: Path, phrases: Path) -> None:
    card = models.load_card(small_model)
    assert card.data == {"phrases.yml": hashlib.sha256(phrases.read_bytes()).hexdigest()}
    assert card.examples == {"greet": 6, "out_of_scope": 6, "query_flight": 6, "topup": 6}
    assert card.command == "banli train"
    assert card.made == "2026-11-23T10:00:00+08:00"
    assert {"banli", "python", "numpy", "scikit-learn", "jieba"} <= card.versions.keys()
    assert {"cv_accuracy", "cv_macro_f1", "cv_ece", "cv_reject_auroc"} <= card.figures.keys()


def test_a_missing_model_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"banli train --out {tmp_path}"):
        models.load(tmp_path)


@pytest.mark.parametrize("name", [WEIGHTS, WORDS])
def test_a_changed_file_is_refused(copy: Path, name: str) -> None:
    path = copy / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ModelError, match="is not the file its card describes"):
        models.load(copy)


@pytest.mark.parametrize("name", [WEIGHTS, WORDS])
def test_a_missing_file_is_refused(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=f"{name} cannot be read"):
        models.load(copy)


def test_pickled_arrays_are_refused_even_when_the_card_vouches_for_them(copy: Path) -> None:
    arrays = dict(np.load(copy / WEIGHTS))
    arrays["rows"] = np.array([{"a": 1}], dtype=object)
    content = io.BytesIO()
    np.savez(content, **arrays)
    (copy / WEIGHTS).write_bytes(content.getvalue())
    sign(copy)
    with pytest.raises(ModelError, match="cannot be read: Object arrays cannot be loaded"):
        models.load(copy)


@pytest.mark.parametrize(("name", "content"), [(WEIGHTS, b"PK"), (WORDS, b"{}")])
def test_a_file_of_another_kind_is_refused(copy: Path, name: str, content: bytes) -> None:
    (copy / name).write_bytes(content)
    sign(copy)
    with pytest.raises(ModelError, match="the model cannot be read"):
        models.load(copy)


def test_arrays_that_do_not_fit_the_words_are_refused(copy: Path) -> None:
    words = json.loads((copy / WORDS).read_bytes())
    words["vocabulary"].pop()
    (copy / WORDS).write_text(json.dumps(words))
    sign(copy)
    with pytest.raises(ModelError, match="does not fit"):
        models.load(copy)


@pytest.mark.parametrize(
    ("change", "words"), [({"format": 99}, "format 99"), ({"made": 1}, "not a card")]
)
def test_a_card_of_another_format_is_refused(
    copy: Path, change: dict[str, Any], words: str
) -> None:
    card = json.loads((copy / CARD).read_bytes()) | change
    (copy / CARD).write_text(json.dumps(card))
    with pytest.raises(ModelError, match=words):
        models.load(copy)
