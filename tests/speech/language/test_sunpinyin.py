from __future__ import annotations

import math
import struct
from pathlib import Path

import pytest

from engine.speech.errors import BadTable
from engine.speech.language import sunpinyin
from engine.speech.language.ngrams import BEGIN, END
from engine.speech.language.restricting import restricted

NAMES = ["<unknown>", *[""] * 69, *"，。；？！：“”、…", "我", "办", "值"]


def dictionary(folder: Path) -> Path:
    path = folder / "pydict.bin"
    text = "".join(name + "\0" for name in NAMES).encode("utf-32-le")
    path.write_bytes(struct.pack("<4I", len(NAMES), 2, 16, 0) + text)
    return path


def dump(folder: Path) -> Path:
    """Of the words, the unknown, and a comma and a stop, as `tslminfo -v` prints them."""

    def line(ids: tuple[int, ...], p: float, weight: float | None = None) -> str:
        more = "" if weight is None else f"  {-math.log(weight):.12f}"
        return f"{' '.join(f'{at:8}' for at in ids)}  {-math.log(p):.12f}{more} (0,0)\n"

    path = folder / "dump.txt"
    path.write_text(
        "\\0-gram\\1\n 12.2  15.9 (0,0)\n"
        "\\1-gram\\6\n"
        + line((0,), 0.2, 1)
        + line((70,), 0.1, 0.4)
        + line((71,), 0.1, 1)
        + line((80,), 0.3, 0.5 / 0.7)
        + line((81,), 0.2, 1)
        + line((82,), 0.1, 1)
        + "\\2-gram\\4\n"
        + line((70, 80), 0.6, 0.9)
        + line((70, 81), 0.2, 1)
        + line((80, 71), 0.2, 1)
        + line((80, 81), 0.3, 1)
        + "\\3-gram\\1\n"
        + line((70, 80, 81), 0.5),
        encoding="ascii",
    )
    return path


def test_sentences_begin_after_a_comma_and_end_at_a_mark(tmp_path: Path) -> None:
    model = sunpinyin.read(dump(tmp_path), sunpinyin.words_of(dictionary(tmp_path)))
    assert 10 ** model.log10((BEGIN,), "我") == pytest.approx(0.6)
    assert 10 ** model.log10((BEGIN, "我"), "办") == pytest.approx(0.5)
    assert 10 ** model.log10((), END) == pytest.approx(0.2)
    # The full stop was seen after 我, the comma has what the back-off gives it.
    assert 10 ** model.log10(("我",), END) == pytest.approx(0.2 + 0.5 / 0.7 * 0.1)


def test_what_is_no_word_leaves_its_share_to_the_words(tmp_path: Path) -> None:
    model = sunpinyin.read(dump(tmp_path), sunpinyin.words_of(dictionary(tmp_path)))
    words = {"我", "办", "值"}
    small = restricted(model, words)
    assert small.vocabulary == {*words, BEGIN, END}
    for history in ((), ("我",), (BEGIN,), (BEGIN, "我")):
        whole = sum(10 ** small.log10(history, word) for word in (*words, END))
        assert whole == pytest.approx(1, abs=1e-4)
    assert 10 ** small.log10((), "我") == pytest.approx(0.3 / 0.8)


@pytest.mark.parametrize("text", ["", "\\0-gram\\1\n", "a novel\n\\1-gram\\1\n", "\\a\n\\b\n0 x\n"])
def test_another_dump_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "dump.txt").write_text(text, encoding="ascii")
    with pytest.raises(BadTable):
        sunpinyin.read(tmp_path / "dump.txt", NAMES)


def test_another_dictionary_is_refused(tmp_path: Path) -> None:
    (tmp_path / "words.bin").write_bytes(b"short")
    with pytest.raises(BadTable):
        sunpinyin.words_of(tmp_path / "words.bin")
