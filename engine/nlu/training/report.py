"""What training says about itself: the figures of a card and the table on the screen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.nlu.classifier import Classifier
from engine.nlu.training import metrics
from engine.nlu.training.metrics import Array, Scored

#: How many kinds of confusions are shown.
SHOWN = 25


def figures(scored: Scored, model: Classifier) -> dict[str, float]:
    """The cross-validated figures; those of rejection only where there is something to reject."""
    inside, outside = scored.inside, scored.outside
    right = inside.guess == inside.truth
    confidence = confidences(inside, model)
    evidence = inside.evidence(model.rejection)
    accepted = evidence >= model.rejection.threshold
    found = {
        "cv_accuracy": right.mean(),
        "cv_macro_f1": metrics.macro_f1(inside.truth, inside.guess),
        "cv_ece": metrics.expected_calibration_error(confidence, right),
        "cv_accepted": accepted.mean(),
        "cv_right_and_accepted": (right & accepted).mean(),
    }
    if len(outside.truth):
        foreign = outside.evidence(model.rejection)
        found |= {
            "cv_reject_auroc": metrics.auroc(evidence, foreign),
            "cv_reject_fpr95": metrics.false_positive_rate(evidence, foreign),
            "cv_foreign_rejected": (foreign < model.rejection.threshold).mean(),
        }
    return {name: round(float(value), 4) for name, value in found.items()}


def confidences(scored: Scored, model: Classifier) -> Array:
    """How sure the calibrated model is of the best intent of each."""
    best = metrics.softmax(scored.scores, model.temperature).max(axis=1)
    return np.array([model.trust.best(each) for each in best.tolist()])


def mistakes(scored: Scored, intents: list[str]) -> list[tuple[str, str, int]]:
    """The confusions of the intents by name."""
    names, inside = np.array(intents), scored.inside
    return metrics.confusions(names[inside.truth].tolist(), names[inside.guess].tolist())


def table(scored: Scored, labels: list[str]) -> Iterator[str]:
    """Precision, recall and F1 of every intent, one a line."""
    yield f"{'intent':<20} {'phrases':>7} {'P':>6} {'R':>6} {'F1':>6}"
    scored = scored.inside
    found = metrics.f1_by_label(scored.truth, scored.guess, len(labels))
    for index, (precision, recall, f1) in enumerate(found):
        count = int((scored.truth == index).sum())
        yield f"{labels[index]:<20} {count:>7} {precision:>6.3f} {recall:>6.3f} {f1:>6.3f}"


def summary(found: dict[str, float], confused: list[tuple[str, str, int]]) -> Iterator[str]:
    """The figures and the confusions, one a line."""
    for name, value in found.items():
        yield f"{name:<24} {value:.4f}"
    yield "confusions (right → guessed):"
    for right, guessed, count in confused[:SHOWN]:
        yield f"  {count:>3}  {right} → {guessed}"
    if len(confused) > SHOWN:
        yield f"  … and {len(confused) - SHOWN} kinds more"
