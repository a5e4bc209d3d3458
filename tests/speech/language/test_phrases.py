from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from engine import assets
from engine.speech.errors import BadTable
from engine.speech.language import phrases
from engine.speech.language.values import Values
from engine.speech.spoken.readings import syllables


@pytest.fixture
def values() -> Values:
    return Values(assets.data(), Random(7))


def test_the_items_of_a_phrase_file_are_its_utterances(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "nlu:\n  - intent: checkin\n    examples: |\n"
        "      - 办[明天](date)的值机\n      - check in please\n",
        encoding="utf-8",
    )
    assert phrases.phrases_in(tmp_path / "a.yml") == ["办明天的值机"]


def test_a_text_has_an_utterance_a_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("查航班\n\nCA1234值机\nVIP卡\n", encoding="utf-8")
    assert phrases.phrases_in(tmp_path / "a.txt") == ["查航班", "CA1234值机", "VIP卡"]


def test_a_missing_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="nothing"):
        phrases.phrases_in(tmp_path / "nothing.txt")


def test_a_pause_divides_what_is_said_and_is_no_word() -> None:
    assert list(phrases.parts("不是北京，是上海")) == ["不是北京 是上海", "不是北京", "是上海"]


def test_a_phrase_is_said_with_other_values_and_counts_once(values: Values) -> None:
    varied = phrases.Varied(values, values.cities, values.airlines)
    said = list(varied.said("给13812345678充50元去北京", 4))
    assert said[0][0] == "给幺三八幺二三四五六七八充五十元去北京"
    assert len({text for text, _ in said}) == 5
    assert sum(count for _, count in said) == pytest.approx(1)


def test_a_phrase_without_values_is_said_as_it_is(values: Values) -> None:
    varied = phrases.Varied(values, values.cities, values.airlines)
    assert list(varied.said("转人工", 4)) == [("转人工", 1.0)]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_a_template_says_can_be_spoken(seed: int) -> None:
    random = Random(seed)
    values = Values(assets.data(), random)
    for _, template in phrases.templates(assets.data() / "speech" / "phrases.yml"):
        for part in phrases.parts(phrases.filled(template, values, random)):
            assert syllables(part)


def test_the_same_seed_says_the_same() -> None:
    one, other = (Values(assets.data(), Random(3)) for _ in range(2))
    assert [one.flight() for _ in range(5)] == [other.flight() for _ in range(5)]


def test_phone_and_identity_numbers_have_their_length(values: Values) -> None:
    for _ in range(50):
        assert len(values.phone()) == 11
        assert len(values.id_number()) == 18


def test_wrong_templates_are_refused(tmp_path: Path) -> None:
    (tmp_path / "phrases.yml").write_text("- lines: [a]\n", encoding="utf-8")
    with pytest.raises(BadTable):
        phrases.templates(tmp_path / "phrases.yml")
