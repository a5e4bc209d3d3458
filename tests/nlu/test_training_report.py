"""The report of training names what its writers should look at, and shows it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from engine.nlu.classifier import Classifier, Weights
from engine.nlu.example import Example
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.training import charts, doubts
from engine.nlu.training.metrics import Scored


def phrase(text: str, intent: str, line: int = 1) -> Example:
    return Example(text, intent, (), Path("phrases.yml"), line)


def model() -> Classifier:
    nothing = np.zeros(0, np.float32)
    places = np.zeros(0, np.int32)
    weights = Weights(
        nothing,
        np.zeros((0, 3), np.float32),
        nothing,
        places,
        places,
        nothing,
        np.zeros((), np.int32),
    )
    return Classifier(["查话费", "充话费", OUT_OF_SCOPE], {}, weights)


def scored() -> Scored:
    scores = np.array([[5.0, 0], [5, 0], [0, 0.1], [0, 5], [3, 0]])
    return Scored(scores, np.zeros((5, 4)), np.array([0, 1, 0, 1, -1]))


EXAMPLES = [
    phrase("话费还有多少", "查话费", 3),
    phrase("话费剩多少", "充话费", 4),
    phrase("话费", "查话费", 5),
    phrase("充一百", "充话费", 6),
    phrase("今天下雨吗", OUT_OF_SCOPE, 7),
]


def test_a_phrase_that_is_surely_of_another_intent_is_suspected() -> None:
    found = doubts.suspects(EXAMPLES, scored(), model())
    assert [(each.example.text, each.guess) for each in found] == [("话费剩多少", "查话费")]


def test_phrases_that_differ_in_width_and_spaces_are_equal() -> None:
    phrases = [phrase("充 100", "a"), phrase("充１００", "b"), phrase("充200", "a")]
    assert [[each.intent for each in group] for group in doubts.divided(phrases)] == [["a", "b"]]


def test_the_same_phrase_twice_in_one_intent_is_no_doubt() -> None:
    assert doubts.divided([phrase("充", "a"), phrase("充", "a")]) == []


def test_doubts_are_shown_with_file_and_line() -> None:
    shown = list(doubts.lines(doubts.doubts(EXAMPLES, scored(), model())))
    assert "  phrases.yml:4: 话费剩多少  充话费 → 查话费 0.99" in shown
    assert "  充话费 2" in shown
    assert not any(OUT_OF_SCOPE in line for line in shown)


def test_where_nothing_is_doubtful_nothing_is_shown() -> None:
    assert list(doubts.lines(doubts.Doubts([], [], []))) == []


def test_a_long_list_is_cut() -> None:
    few = [(str(number), 1) for number in range(doubts.SHOWN + 2)]
    assert list(doubts.lines(doubts.Doubts([], [], few)))[-1] == "  … and 2 more"


def test_points_of_calibration_are_means_of_tenths() -> None:
    confidence, right = np.array([0.91, 0.95, 0.32, 1.0]), np.array([True, False, True, True])
    assert np.round(charts.points(confidence, right), 3).tolist() == [
        [0.32, 1.0, 0.25],
        [0.953, 0.667, 0.75],
    ]


def test_the_pictures_show_every_confusion(tmp_path: Path) -> None:
    confusions, calibration = charts.save(scored(), model(), tmp_path / "pictures")
    with Image.open(confusions) as picture:
        # Of two right rows of two, one each is wrong: both wrong cells are reddish.
        start = picture.width - 8 - 2 * charts.CELL
        middle = charts.CELL // 2
        wrong = picture.getpixel((start + middle, start + charts.CELL + middle))
        right = picture.getpixel((start + middle, start + middle))
    assert isinstance(wrong, tuple)
    assert isinstance(right, tuple)
    assert wrong[0] > wrong[2]
    assert right[2] > right[0]
    with Image.open(calibration) as picture:
        assert picture.size == (charts.SIDE + 2 * charts.MARGIN,) * 2
