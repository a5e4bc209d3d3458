"""What words mean is learned with them, and ends up in the weights of words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.nlu import model as models
from engine.nlu.features import Settings
from engine.nlu.model import Card, Model
from engine.nlu.training import choosing, fit
from engine.nlu.training.choosing import Choice
from engine.nlu.training.lesson import Folds, Lesson, linear
from engine.nlu.training.meanings import Meanings, beside, shipped
from engine.nlu.training.vectors import Utterances, Vectorizer

FOODS = [f"w:食{n}" for n in range(400)]
CARS = [f"w:车{n}" for n in range(400)]


@pytest.fixture
def meanings() -> Meanings:
    """All foods mean nearly the same, and all cars."""
    noise = np.random.default_rng(0).normal(0, 0.1, (800, 2))
    rows = np.array([[1, 0]] * 400 + [[0, 1]] * 400) + noise
    return Meanings([*FOODS, *CARS], rows)


def utterances(count: int) -> tuple[list[list[str]], list[str]]:
    """So many of each kind, whose words none of the others has."""
    features = [[word, "要"] for word in (*FOODS[:count], *CARS[:count])]
    return features, ["eat"] * count + ["ride"] * count


def lesson(meanings: Meanings | None) -> Lesson:
    features, intents = utterances(40)
    return Lesson(Utterances(features), intents, seed=0, meanings=meanings)


def test_a_word_that_no_phrase_has_speaks_as_those_that_mean_the_same(meanings: Meanings) -> None:
    model = fit.classifier(lesson(meanings))
    for word, intent in ((FOODS[99], "eat"), (CARS[99], "ride")):
        scores = model.judge([word, "要"]).scores
        assert model.intents[int(scores.argmax())] == intent
        assert scores.max() - scores.min() > 0.5


def test_a_word_that_no_phrase_has_tells_which_intent_but_not_that_it_is_one(
    meanings: Meanings,
) -> None:
    model = fit.classifier(lesson(meanings))
    bare, new = model.judge(["要"]).signals, model.judge([FOODS[99], "要"]).signals
    assert new.best == pytest.approx(bare.best, abs=1e-3)
    assert new.known < bare.known


def test_without_meanings_a_new_word_says_nothing() -> None:
    model = fit.classifier(lesson(None))
    known, new = model.judge(["要"]).scores, model.judge([FOODS[99], "要"]).scores
    assert new == pytest.approx(known)


def test_the_weights_of_words_hold_all_that_was_learned_of_meanings(meanings: Meanings) -> None:
    learned = lesson(meanings)
    assert learned.table is not None
    whole = beside(learned.vectors, learned.table)
    rows, bias = linear(whole, learned.numbers, seed=0, strength=1.0)
    folded, same = learned.linear(1.0)
    assert same == pytest.approx(bias)
    assert learned.vectors @ folded.T == pytest.approx(whole @ rows.T, abs=2e-3)


def test_words_beyond_the_phrases_change_no_other_weight() -> None:
    some = Utterances([["a", "b"], ["b", "c"]])
    plain, wider = Vectorizer(some), Vectorizer(some, ["b", "w:new"])
    assert list(wider.vocabulary) == [*plain.vocabulary, "w:new"]
    before, after = plain(some).toarray(), wider(some).toarray()
    assert after[:, :-1].tolist() == before.tolist()
    assert not after[:, -1].any()
    asked = Utterances([["a", "w:new"]])
    assert wider(asked).toarray()[0, :-1] == pytest.approx(plain(asked).toarray()[0], abs=1e-4)
    assert wider(asked)[0, wider.vocabulary["w:new"]] > 0


def test_words_of_held_out_phrases_are_known_by_what_they_mean(meanings: Meanings) -> None:
    features, intents = utterances(400)
    split = Folds(Utterances(features), intents, seed=0, meanings=meanings)
    scores, right = choosing.held_out(split, 0, 1.0)
    assert (scores.argmax(axis=1) == right).all()


def test_a_fold_knows_only_the_words_that_occur_and_all_phrases_know_every_word(
    meanings: Meanings,
) -> None:
    features, intents = utterances(40)
    split = Folds(Utterances(features), intents, seed=0, meanings=meanings)
    assert set(split.lesson(0).vectorizer.vocabulary) == {*FOODS[:40], *CARS[:40], "要"}
    assert set(split.whole().vectorizer.vocabulary) == {*FOODS, *CARS, "要"}


def test_a_saved_model_knows_words_that_no_phrase_has(meanings: Meanings, tmp_path: Path) -> None:
    fitted = fit.classifier(lesson(meanings))
    card = Card(made="", command="", data={}, examples={}, versions={}, figures={}, confusions=[])
    models.save(Model(fitted, Settings(), {}), card, tmp_path)
    read = models.load(tmp_path).classifier
    for words in ([FOODS[99], "要"], [CARS[0]], [CARS[399], FOODS[3]]):
        assert read.judge(words).scores == pytest.approx(fitted.judge(words).scores, abs=0.01)


def test_meanings_are_kept_where_they_make_what_is_right_more_likely(meanings: Meanings) -> None:
    features, intents = utterances(400)
    rows = [[*words, "好"] for words in features] + features
    choice = Choice(Settings(), Folds(Utterances(rows), intents * 2, seed=0), 1.0)
    assert choosing.with_meanings(choice, lambda: meanings).folds.meanings is meanings


def test_meanings_that_say_nothing_are_not_kept(meanings: Meanings) -> None:
    features, intents = utterances(400)
    rows = [
        [*words, f"{intent}{n % 3}"]
        for n, (words, intent) in enumerate(zip(features, intents, strict=True))
    ]
    silent = Meanings(meanings.names, np.ones((800, 2)))
    choice = Choice(Settings(), Folds(Utterances(rows * 2), intents * 2, seed=0), 1.0)
    assert choosing.with_meanings(choice, lambda: silent) is choice


def test_few_phrases_are_not_tried_with_meanings(meanings: Meanings) -> None:
    features, intents = utterances(40)
    choice = Choice(Settings(), Folds(Utterances(features), intents, seed=0), 1.0)
    assert choosing.with_meanings(choice, lambda: meanings) is choice


def test_the_shipped_words_have_a_row_each() -> None:
    found = shipped()
    assert len(set(found.names)) == len(found.names)
    table = found.table(["w:音乐", "w:歌曲", "w:天气", "音"], np.ones(4))
    assert not table[3].any()
    assert table[0] @ table[1] > 2 * abs(table[0] @ table[2])
