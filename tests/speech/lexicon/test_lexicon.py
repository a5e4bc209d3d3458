from __future__ import annotations

from pathlib import Path

import pytest

from engine import assets
from engine.speech.errors import BadTable
from engine.speech.language.ngrams import END, NGrams
from engine.speech.lexicon import lexicon, words


def test_a_lexicon_comes_back_from_its_file(tmp_path: Path) -> None:
    made, silent = lexicon.pronounced(["值机", "谁", "A", "дом"])
    lexicon.write(made, tmp_path / "lexicon.tsv")
    assert silent == ["дом"]
    assert lexicon.read(tmp_path / "lexicon.tsv") == {
        word: pytest.approx(readings, abs=1e-4) for word, readings in made.items()
    }


def test_a_share_may_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "lexicon.tsv").write_text("国航\tguo hang\n", encoding="utf-8")
    assert lexicon.read(tmp_path / "lexicon.tsv") == {"国航": {("guo", "hang"): 1.0}}


@pytest.mark.parametrize("line", ["国航", "国航\t", "国航\tguo hng", "国航\tguo hang\tmuch"])
def test_a_line_that_is_wrong_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "lexicon.tsv").write_text(f"行\txing\n{line}\n", encoding="utf-8")
    with pytest.raises(BadTable) as wrong:
        lexicon.read(tmp_path / "lexicon.tsv")
    assert wrong.value.line == 2


def test_every_name_of_the_lexicons_can_be_heard() -> None:
    chosen = words.chosen(assets.data(), [], None, 0)
    made, silent = lexicon.pronounced(chosen)
    assert silent == []
    names = [*words.named(assets.data()), *words.listed(assets.data() / "speech")]
    assert {name for name in names if words.is_word(name)} <= made.keys()


def test_any_name_can_be_heard_by_its_characters() -> None:
    chosen = set(words.chosen(assets.data(), [], None, 0))
    for character in "欧阳娜娜建国":
        assert character in chosen


def test_letters_and_numerals_are_words_and_numbers_are_not() -> None:
    chosen = set(words.chosen(assets.data(), ["充一百二十块"], None, 0))
    assert {*"ABCXYZ", *"零一二三九十百千万亿两幺点"} <= chosen
    assert not {"一百", "二十", "一百二十"} & chosen


def test_the_words_of_the_phrases_are_words() -> None:
    assert {"护照", "办理"} <= set(words.chosen(assets.data(), ["用护照可以办理吗"], None, 0))


def test_the_rest_is_filled_with_the_most_frequent_words() -> None:
    general = NGrams(
        [
            {
                (END,): (-1.0, 0.0),
                ("鳄鱼",): (-3.0, 0.0),
                ("犀牛",): (-2.0, 0.0),
                ("一百",): (-1.0, 0.0),
                ("術語",): (-1.0, 0.0),
            }
        ]
    )
    own = words.chosen(assets.data(), [], None, 0)
    filled = words.chosen(assets.data(), [], general, len(own) + 1)
    assert filled == [*own, "犀牛"]
