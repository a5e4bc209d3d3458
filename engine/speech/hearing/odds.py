"""Hypotheses of one or several decodings, weighed against each other.

A decoding with a grammar and one with the general model are two opinions about the same sound, and
their scores are comparable: each is the log probability of words (in its own language model) and
of the sound (in the same acoustic model). So the mixture of both language models is one more
language model, the right one for somebody who mostly answers and sometimes digresses.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from engine.speech.context.vocabulary import is_word
from engine.speech.heard import Word
from engine.speech.hearing.engine import Hypothesis, Spoken

#: Two words are the same one when their middles are as close as this, in seconds.
_NEAR = 0.25


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one decoding says; ``prior`` is the log chance that its language model is the one."""

    hypotheses: Sequence[Hypothesis]
    prior: float
    in_context: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text, the chance that it was said, and the words of its best hypothesis.

    It is in context when that is where one of its hypotheses is from.
    """

    text: str
    chance: float
    words: tuple[Spoken, ...]
    in_context: bool


@dataclass(slots=True)
class _Sum:
    total: float
    best: float
    words: tuple[Spoken, ...]
    in_context: bool


def weigh(
    opinions: Iterable[Opinion], *, sharpness: float, leaning: Callable[[str], float]
) -> list[Candidate]:
    """Every text that some opinion holds, the likeliest first.

    ``leaning`` is a log weight that is known of a text beforehand. Chances are those of the sums
    to the power of ``sharpness``, which leaves their order alone: frames of sound are not as
    independent as the model takes them to be, so it is surer of itself than it is right.
    """
    sums: dict[str, _Sum] = {}
    for opinion in opinions:
        for hypothesis in opinion.hypotheses:
            words = tuple(word for word in hypothesis.words if is_word(word.text))
            text = "".join(word.text for word in words).upper()
            weight = hypothesis.score + opinion.prior + leaning(text)
            _add(sums, text, weight, words, opinion.in_context)
    return _candidates(sums, sharpness)


def _add(
    sums: dict[str, _Sum], text: str, weight: float, words: tuple[Spoken, ...], in_context: bool
) -> None:
    known = sums.get(text)
    if known is None:
        sums[text] = _Sum(weight, weight, words, in_context)
        return
    high, low = max(known.total, weight), min(known.total, weight)
    known.total = high + math.log1p(math.exp(low - high))
    known.in_context = known.in_context or in_context
    if weight > known.best:
        known.best, known.words = weight, words


def _candidates(sums: dict[str, _Sum], sharpness: float) -> list[Candidate]:
    ordered = sorted(sums.items(), key=lambda pair: -pair[1].total)
    powers = [math.exp(sharpness * (each.total - ordered[0][1].total)) for _, each in ordered]
    return [
        Candidate(text, power / sum(powers), each.words, each.in_context)
        for (text, each), power in zip(ordered, powers, strict=True)
    ]


def sure_words(candidates: Sequence[Candidate]) -> tuple[Word, ...]:
    """The words of the first candidate, each as likely as its least likely character."""
    spots = [(candidate.chance, _characters(candidate.words)) for candidate in candidates]
    return tuple(
        Word(
            word.text.upper(),
            word.start,
            word.end,
            min(_chance(character, spots) for character in _characters([word])),
        )
        for word in candidates[0].words
    )


def _characters(words: Sequence[Spoken]) -> list[tuple[str, float]]:
    """Characters, and the seconds in whose middle they are said, if all take the same time."""
    return [
        (character, word.start + (word.end - word.start) * (at + 0.5) / len(word.text))
        for word in words
        for at, character in enumerate(word.text)
    ]


def _chance(
    character: tuple[str, float], spots: list[tuple[float, list[tuple[str, float]]]]
) -> float:
    text, middle = character
    chances = (
        chance
        for chance, said in spots
        if any(other == text and abs(at - middle) < _NEAR for other, at in said)
    )
    return min(1.0, sum(chances))
