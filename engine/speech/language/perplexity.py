"""How well a model foresees text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.speech.language.ngrams import NGrams
from engine.speech.language.segment import Segmenter


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a model made of a text; sentences that the lexicon cannot write are only counted."""

    sentences: int
    unwritable: int
    characters: int
    tokens: int
    log10: float

    @property
    def by_word(self) -> float:
        """Perplexity for a word or an end of a sentence; depends on how long the words are."""
        return float(10 ** (-self.log10 / max(self.tokens, 1)))

    @property
    def by_character(self) -> float:
        """Perplexity for a character, ends included: comparable among lexicons."""
        return float(10 ** (-self.log10 / max(self.characters + self.sentences, 1)))


def foreseen(model: NGrams, segmenter: Segmenter, texts: Iterable[str]) -> Foreseen:
    """Measure a model on spoken texts."""
    sentences = unwritable = characters = tokens = 0
    total = 0.0
    for text in texts:
        words = segmenter.words(text)
        if not words:
            unwritable += 1
            continue
        sentences += 1
        characters += sum(map(len, words))
        tokens += len(words) + 1
        total += model.sentence(words)
    return Foreseen(sentences, unwritable, characters, tokens, total)
