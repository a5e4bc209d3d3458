"""Training is repeatable and measures itself on what it has not seen."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from engine import assets
from engine.nlu import dataset
from engine.nlu import model as models
from engine.nlu.errors import DatasetError
from engine.nlu.features import Settings
from engine.nlu.interpreter import Interpreter
from engine.nlu.recognizer import Recognizer
from engine.nlu.training import background, choosing, crossval, fit, metrics, mixing
from engine.nlu.training.choosing import Choice
from engine.nlu.training.lesson import Folds, Lesson, places
from engine.nlu.training.metrics import Scored
from engine.nlu.training.train import Order, certainty, train
from engine.nlu.training.vectors import Utterances, Vectorizer


def test_the_same_seed_makes_the_same_files(
    order: Order, recognizer: Recognizer, small_model: Path, tmp_path: Path
) -> None:
    trained = train(order, recognizer=recognizer)
    models.save(trained.model, trained.card, tmp_path)
    for name in (models.WEIGHTS, models.WORDS, models.CARD):
        assert (tmp_path / name).read_bytes() == (small_model / name).read_bytes()


def test_progress_names_every_step(order: Order, recognizer: Recognizer) -> None:
    steps: list[str] = []
    train(order, recognizer=recognizer, progress=steps.append)
    assert [step for step in steps if "fold" in step] == [f"fold {n} of 5" for n in range(1, 6)]


def test_one_intent_is_too_few(order: Order, recognizer: Recognizer, tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text('{"text": "充话费", "intent": "topup"}\n', encoding="utf-8")
    with pytest.raises(DatasetError, match=r"one\.jsonl: training needs .* two intents"):
        train(dataclasses.replace(order, paths=[path]), recognizer=recognizer)


def test_two_intents_and_no_foreign_phrases_are_enough(
    order: Order, recognizer: Recognizer, tmp_path: Path
) -> None:
    path = tmp_path / "two.jsonl"
    rows = [("充话费", "a"), ("充钱", "a"), ("你好", "b"), ("您好", "b")]
    path.write_text("".join(f'{{"text": "{t}", "intent": "{i}"}}\n' for t, i in rows), "utf-8")
    trained = train(dataclasses.replace(order, paths=[path]), recognizer=recognizer)
    classifier = trained.model.classifier
    features = recognizer.features(trained.model.settings)
    for text, intent in rows:
        scores = classifier.judge(features(text)).scores
        assert classifier.intents[int(scores.argmax())] == intent


def test_small_talk_is_held_against_phrases_that_name_nothing_foreign(
    order: Order, recognizer: Recognizer, tmp_path: Path
) -> None:
    path = tmp_path / "orders.jsonl"
    rows = [(f"来{n}份{dish}", "order") for n in "一两三四五" for dish in ("面", "饭", "汤")]
    rows += [(f"{n}号桌买单", "pay") for n in range(15)]
    path.write_text("".join(f'{{"text": "{t}", "intent": "{i}"}}\n' for t, i in rows), "utf-8")
    model = train(dataclasses.replace(order, paths=[path]), recognizer=recognizer).model
    interpreter = Interpreter(model, recognizer)
    assert model.classifier.intents == ["order", "pay"]
    assert interpreter.evidence("今天天气怎么样", []) < interpreter.evidence("来六份面", [])
    assert interpreter.parse("来六份饭", now=order.now).intent.name == "order"


def test_small_talk_is_not_foreign_where_it_is_an_intent(recognizer: Recognizer) -> None:
    greetings = dataset.read([assets.data() / "nlu" / "acts" / "greet.yml"])
    intents = ["greet"] * len(greetings) + ["pay"] * 40
    settings = Settings(masks=False)
    look = recognizer.features(settings)
    texts = [*(each.text for each in greetings), *(f"{n}号桌买单" for n in range(40))]
    utterances = Utterances([look(text) for text in texts])
    foreign = background.kept(Choice(settings, Folds(utterances, intents, seed=0), 1.0), recognizer)
    assert foreign is not None
    assert look("今天天气怎么样") in foreign.features
    assert look("你好") not in foreign.features


def folds(utterances: list[list[str]], intents: list[str]) -> Folds:
    """Utterances, given as features, ready for cross-validation."""
    return Folds(Utterances(utterances), intents, seed=0)


def test_every_fold_holds_its_share_of_every_intent() -> None:
    intents = ["a"] * 10 + ["b"] * 7 + ["c"] * 3
    place = places(intents, seed=1)
    shares = np.array([[np.sum(place[:10] == f), np.sum(place[10:17] == f)] for f in range(5)])
    assert shares[:, 0].tolist() == [2] * 5
    assert set(shares[:, 1].tolist()) == {1, 2}
    assert np.bincount(place).tolist() == [4] * 5


def test_an_intent_seen_once_cannot_be_guessed_in_cross_validation() -> None:
    utterances = [[f"x{n}", "x"] for n in range(9)] + [[f"y{n}", "y"] for n in range(9)] + [["z"]]
    scored = crossval.cross_validate(folds(utterances, ["x"] * 9 + ["y"] * 9 + ["z"]))
    assert scored.scores[-1, 2] == -10
    assert (scored.guess[:-1] == scored.truth[:-1]).all()


def test_the_temperature_makes_sure_scores_that_are_wrong_unsure() -> None:
    scores = np.array([[1.0, 0.0]] * 10)
    sure = Scored(scores, np.zeros((10, 3)), np.zeros(10, int))
    unsure = Scored(scores, np.zeros((10, 3)), np.array([0] * 6 + [1] * 4))
    assert metrics.temperature(sure) < metrics.temperature(unsure)
    heated = metrics.softmax(scores, metrics.temperature(unsure))
    assert heated[0, 0] == pytest.approx(0.6, abs=0.01)


@pytest.mark.parametrize("spread", [0.01, 0.3, 1.0, 4.0, 60.0])
def test_the_temperature_is_the_best_of_all_that_may_be_tried(spread: float) -> None:
    random = np.random.default_rng(0)
    scores, truth = random.normal(0, 1, (300, 5)), random.integers(0, 5, 300)
    scores[np.arange(300), truth] += 1
    scored = Scored(scores * spread, np.zeros((300, 3)), truth)

    def loss(heat: float) -> float:
        right = metrics.softmax(scored.scores, heat)[np.arange(300), truth]
        return float(-np.log(np.maximum(right, 1e-12)).mean())

    best = min(metrics.TEMPERATURES, key=loss)
    assert metrics.temperature(scored) == pytest.approx(best, abs=1e-6)


def test_the_figures_are_those_of_the_textbook() -> None:
    truth, guess = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    assert metrics.f1_by_label(truth, guess, 2)[0] == pytest.approx((1, 0.5, 2 / 3))
    assert metrics.macro_f1(truth, guess) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert metrics.auroc(np.array([2, 3]), np.array([1, 2])) == pytest.approx(3.5 / 4)
    assert metrics.false_positive_rate(np.arange(100), np.array([1, 50])) == 0.5
    confidence, right = np.array([0.9, 0.9, 0.1, 0.1]), np.array([1, 0, 0, 0])
    assert metrics.expected_calibration_error(confidence, right, bins=2) == pytest.approx(0.25)
    assert metrics.confusions(["a", "a", "b"], ["b", "b", "b"]) == [("a", "b", 2)]


def test_sure_phrases_that_are_often_wrong_are_trusted_less() -> None:
    scores = np.array([[1.0, 0.0]] * 600 + [[0.1, 0.0]] * 600)
    truth = np.array([0] * 540 + [1] * 60 + [0] * 320 + [1] * 280)
    scored = Scored(scores, np.zeros((1200, 3)), truth)
    best = metrics.softmax(scores, 0.1).max(axis=1)
    found = fit.trust(scored, 0.1)
    assert found.best(float(best[0])) == pytest.approx(0.9, abs=0.02)
    assert found.best(float(best[-1])) == pytest.approx(320 / 600, abs=0.02)


def test_few_phrases_say_nothing_about_trust() -> None:
    few = Scored(np.array([[1.0, 0.0]] * 9), np.zeros((9, 3)), np.array([0] * 5 + [1] * 4))
    assert fit.trust(few, 0.1) == fit.Trust()


def crossed(count: int) -> tuple[list[list[str]], list[str]]:
    """Utterances whose intent is that both of their words are of one kind: no sum can tell."""
    random = np.random.default_rng(3)
    words = random.integers(0, 2, (count, 2))
    utterances = [[f"a{a}", f"b{b}", f"noise{n % 7}"] for n, (a, b) in enumerate(words.tolist())]
    return utterances, ["same" if a == b else "other" for a, b in words.tolist()]


def test_a_network_is_kept_where_it_sees_what_a_sum_cannot() -> None:
    utterances, intents = crossed(1200)
    scored = crossval.cross_validate(folds(utterances, intents))
    heats = mixing.heats(scored)
    assert heats is not None
    mixed = mixing.mix(scored, heats)
    assert (mixed.guess == mixed.truth).mean() > 0.9
    assert (scored.guess == scored.truth).mean() < 0.8


def test_a_network_is_given_up_where_it_helps_nothing() -> None:
    utterances = [[f"x{n % 5}", "x"] for n in range(600)] + [[f"y{n % 5}", "y"] for n in range(600)]
    scored = crossval.cross_validate(folds(utterances, ["x"] * 600 + ["y"] * 600))
    assert scored.logits is None
    assert mixing.heats(scored) is None
    assert mixing.mix(scored, None).scores is scored.scores


def test_a_network_is_kept_with_its_model_to_the_bit(
    order: Order, recognizer: Recognizer, small_model: Path, tmp_path: Path
) -> None:
    utterances, intents = crossed(1200)
    scored = crossval.cross_validate(folds(utterances, intents))
    heats = mixing.heats(scored)
    plain = fit.classifier(Lesson(Utterances(utterances), intents, seed=0), networked=True)
    classifier = fit.calibrated(plain, mixing.mix(scored, heats), heats)
    card = models.load_card(small_model)
    models.save(models.Model(classifier, Settings(), {}), card, tmp_path)
    again = models.load(tmp_path).classifier
    for utterance in utterances[:20]:
        before, after = (each.ranking(each.judge(utterance), 2) for each in (classifier, again))
        assert before == after
        assert classifier.intents[before[0][0]] == intents[utterances.index(utterance)]


def test_the_usual_choice_stays_unless_another_is_clearly_better() -> None:
    nothing = folds([], [])
    usual, other = Choice(Settings(), nothing, 2.0), Choice(Settings(masks=False), nothing, 1.0)
    base = np.array([True] * 50 + [False] * 50)
    little, much = base.copy(), base.copy()
    little[50:52] = True
    much[50:60] = True
    assert choosing.best([(usual, base), (other, little)]) is usual
    assert choosing.best([(usual, base), (other, much)]) is other


def test_masks_go_where_the_values_say_the_intent() -> None:
    rows = [(f"<phone> {n}", f"{n} {kind}", kind) for kind in ("a", "b") for n in range(30)]
    with_masks = [masked.split() for masked, _, _ in rows]
    without = [plain.split() for _, plain, _ in rows]
    choice = choosing.choose(
        lambda settings: with_masks if settings.masks else without,
        [kind for _, _, kind in rows],
        settings=Settings(),
        seed=0,
    )
    assert not choice.settings.masks
    assert choice.folds.utterances.features is without


def test_equal_phrases_of_two_intents_make_a_known_phrase_unsure(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [("充话费", "a"), ("充话费。", "a"), ("充话费!", "b"), ("你好", "b")]
    path.write_text("".join(f'{{"text": "{t}", "intent": "{i}"}}\n' for t, i in rows), "utf-8")
    examples = dataset.read([path])
    assert certainty(examples) == pytest.approx(3 / 4)
    assert certainty(examples[3:]) == 1


def test_a_pair_of_words_that_one_phrase_has_is_not_learned() -> None:
    vectorizer = Vectorizer(Utterances([["w:a", "&:a b", "&:c d"], ["&:a b"]]))
    assert vectorizer.vocabulary == {"&:a b": 0, "w:a": 1}


def test_chosen_utterances_are_weighed_as_if_there_were_no_others() -> None:
    rows = [["a", "b", "b"], ["b", "&:a b"], ["c", "&:a b"], ["c", "&:b c"]]
    apart, among = Utterances(rows[:3]), Utterances(rows).chosen([0, 1, 2])
    one, other = Vectorizer(apart), Vectorizer(among)
    assert one.vocabulary == other.vocabulary
    assert one(apart).toarray().tolist() == other(among).toarray().tolist()
    strange = Utterances([["c", "new"], []])
    assert one(strange).toarray().tolist() == other(strange).toarray().tolist()


def test_what_choosing_has_fitted_cross_validation_finds() -> None:
    split = folds([[f"x{n}", "x"] for n in range(9)] + [["y"]] * 9, ["x"] * 9 + ["y"] * 9)
    assert split.lesson(0).linear(1.0) is split.lesson(0).linear(1.0)
    before = split.lesson(0)
    split.forget(0)
    assert split.lesson(0) is not before
