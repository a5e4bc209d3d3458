from __future__ import annotations

import math
from pathlib import Path

import pytest

from engine.speech.errors import BadTable
from engine.speech.language.ngrams import BEGIN, END, NEVER, NGrams, read_arpa, weighed, write_arpa

MODEL = weighed(
    NGrams(
        [
            {
                (BEGIN,): (NEVER, 0.0),
                (END,): (math.log10(0.25), 0.0),
                ("值机",): (math.log10(0.5), 0.0),
                ("办",): (math.log10(0.25), 0.0),
            },
            {(BEGIN, "办"): (math.log10(0.6), 0.0), ("办", "值机"): (math.log10(0.8), 0.0)},
        ]
    )
)


def mass(model: NGrams, *history: str) -> float:
    words = model.vocabulary - {BEGIN}
    return sum(10 ** model.log10(history, word) for word in words)


def test_every_history_shares_out_the_whole_probability() -> None:
    for history in ((), (BEGIN,), ("办",), ("值机",)):
        assert mass(MODEL, *history) == pytest.approx(1)


def test_a_pair_that_was_not_seen_backs_off() -> None:
    assert 10 ** MODEL.log10(("办",), END) == pytest.approx(0.2 * 0.25 / 0.5)


def test_a_sentence_is_its_words_and_its_end() -> None:
    by_hand = math.log10(0.6) + math.log10(0.8) + math.log10(0.25)
    assert MODEL.sentence(("办", "值机")) == pytest.approx(by_hand)


def test_a_word_outside_of_the_vocabulary_is_never_said() -> None:
    assert MODEL.log10(("办",), "飞") <= NEVER


@pytest.mark.parametrize("name", ["model.arpa", "model.arpa.gz"])
def test_a_model_comes_back_from_its_file(tmp_path: Path, name: str) -> None:
    write_arpa(MODEL, tmp_path / name)
    again = read_arpa(tmp_path / name)
    for before, after in zip(MODEL.orders, again.orders, strict=True):
        assert before.keys() == after.keys()
        for words, entry in before.items():
            assert after[words] == pytest.approx(entry, abs=1e-5)


def test_the_file_is_the_format_of_other_programs(tmp_path: Path) -> None:
    write_arpa(MODEL, tmp_path / "model.arpa")
    text = (tmp_path / "model.arpa").read_text(encoding="utf-8")
    assert text.startswith("\\data\\\nngram 1=4\nngram 2=2\n\n\\1-grams:\n")
    assert text.endswith("\\end\\\n")
    assert "-99.00000\t<s>\t" in text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("a novel\n", 0),
        ("\\data\\\n\\1-grams:\n-1.0\n", 3),
        ("\\data\\\n\\1-grams:\nmany a\n", 3),
        ("\\data\\\n\\2-grams:\n-1 a b\n", 2),
    ],
)
def test_another_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "wrong.arpa").write_text(text, encoding="utf-8")
    with pytest.raises(BadTable) as wrong:
        read_arpa(tmp_path / "wrong.arpa")
    assert wrong.value.line == line


def test_a_file_that_breaks_off_is_refused(tmp_path: Path) -> None:
    write_arpa(MODEL, tmp_path / "whole.arpa.gz")
    (tmp_path / "cut.arpa.gz").write_bytes((tmp_path / "whole.arpa.gz").read_bytes()[:-30])
    with pytest.raises(BadTable):
        read_arpa(tmp_path / "cut.arpa.gz")
