"""jieba works for us alone: own words, own cache, no shared state."""

from __future__ import annotations

import stat
import subprocess
import sys
from functools import cache
from pathlib import Path

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.nlu.errors import LexiconError
from engine.nlu.segmenter import FREQUENCY
from engine.nlu.tokenizer import (
    cache_folder,
    language,
    private_folder,
    read_words,
    segmenter,
)

#: Words, parts of words, what is no Chinese, and characters that are in no dictionary.
PIECES = [
    *"值机手续大厅话费充五十块中华人民共和国",
    "国航",
    "CA1234",
    " ",
    "，",
    "\n",
    "𠮷",
    "研究生命",
    "起源",
]


@cache
def _both() -> tuple[jieba.Tokenizer, jieba.Tokenizer]:
    ours = ["值机手续大厅", "充五", "费充"]
    plain = jieba.Tokenizer()
    for word in ours:
        plain.add_word(word, FREQUENCY)
    return segmenter(ours), plain


def test_own_words_stay_whole_in_the_private_segmenter_and_in_spacy(tmp_path: Path) -> None:
    private = segmenter(["值机手续大厅"], cache=tmp_path)
    assert private.words("去值机手续大厅") == ["去", "值机手续大厅"]
    assert [token.text for token in language(private)("去值机手续大厅")] == ["去", "值机手续大厅"]


def test_the_shared_segmenter_learns_nothing(tmp_path: Path) -> None:
    segmenter(["值机手续大厅"], cache=tmp_path)
    assert "值机手续大厅" not in jieba.dt.FREQ


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_texts_are_cut_as_jieba_cuts_them_with_the_same_words(text: str) -> None:
    private, plain = _both()
    assert private.words(text) == plain.lcut(text, HMM=False)


def test_another_list_of_words_has_a_dictionary_of_its_own(tmp_path: Path) -> None:
    segmenter(["值机手续大厅"], cache=tmp_path)
    assert segmenter([], cache=tmp_path).words("去值机手续大厅") == ["去", "值机", "手续", "大厅"]
    assert len(list(tmp_path.iterdir())) == 2


def test_the_compiled_dictionary_lies_where_only_we_can_write(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "cache"
    segmenter([], cache=folder)
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IRWXU
    assert [path.suffix for path in folder.iterdir()] == [".marisa"]


def test_a_folder_that_cannot_be_made_is_replaced_by_a_fresh_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = private_folder(tmp_path / "file")
    assert folder.is_dir()
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IRWXU
    folder.rmdir()


def test_the_cache_lies_in_the_home_of_the_program_or_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.delenv("BANLI_HOME", raising=False)
    assert cache_folder() == tmp_path / "user" / "banli"
    monkeypatch.setenv("BANLI_HOME", str(tmp_path / "home"))
    assert cache_folder() == tmp_path / "home" / "cache"


def test_what_another_installation_of_the_user_has_compiled_is_not_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("BANLI_HOME", str(tmp_path / "home"))
    segmenter(["值机手续大厅"], cache=tmp_path / "user" / "banli")
    assert segmenter(["值机手续大厅"]).words("去值机手续大厅") == ["去", "值机手续大厅"]
    assert list(cache_folder().iterdir()) == []


def test_what_somebody_else_could_have_written_is_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("BANLI_HOME", str(tmp_path / "home"))
    users = tmp_path / "user" / "banli"
    segmenter(["值机手续大厅"], cache=users)
    users.chmod(0o770)
    segmenter(["值机手续大厅"])
    assert [file.suffix for file in cache_folder().iterdir()] == [".marisa"]


def test_a_missing_word_list_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"words\.txt: the word list cannot be read"):
        read_words(tmp_path / "words.txt")


def test_a_word_list_may_hold_remarks(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("# 值机\n值机  # 手续\n\n登机牌\n", encoding="utf-8")
    assert read_words(path) == ["值机", "登机牌"]


def test_starting_jieba_prints_nothing(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from engine.nlu.tokenizer import segmenter
segmenter([], cache=Path({str(tmp_path)!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
