"""The shipped language model: our own sentences and a general model, mixed and pruned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from engine.speech.language import counting, phrases
from engine.speech.language.mixing import mixed
from engine.speech.language.ngrams import NGrams
from engine.speech.language.pruning import pruned, smaller
from engine.speech.language.restricting import restricted
from engine.speech.language.segment import Segmenter
from engine.speech.language.values import Values
from engine.speech.lexicon import words
from engine.speech.lexicon.lexicon import Lexicon, pronounced


@dataclass(frozen=True, slots=True)
class Recipe:
    """What goes into a lexicon and a model, and how much of it."""

    data: Path
    texts: tuple[Path, ...]
    most_words: int = 30_000
    own_share: float = 0.5
    most_bytes: int = 8_000_000
    #: Threshold of pruning for the general model by itself.
    least: float = 3e-8
    order: int = 3
    seed: int = 0
    #: Other values that a phrase is said with, and drawn sentences for each weight of a template.
    variants: int = 6
    draws: int = 25
    #: How often a phrase counts, and a template for each unit of its weight. Witten-Bell trusts a
    #: sentence seen once too much when it counts as one.
    phrase_count: float = 0.5
    template_count: float = 2.5


@dataclass(frozen=True, slots=True)
class Built:
    """A lexicon, its model, and what could not be used."""

    lexicon: Lexicon
    model: NGrams
    threshold: float
    silent: list[str]
    unused: list[str]


Progress = Callable[[str], None]


def built(recipe: Recipe, general: NGrams | None, *, progress: Progress = print) -> Built:
    """Make a lexicon and a model; ``general`` is any model of the language, whole words."""
    texts = [line for path in recipe.texts for line in phrases.phrases_in(path)]
    wanted = [*texts, *(template for _, template in _templates(recipe))]
    chosen = words.chosen(recipe.data, wanted, general, recipe.most_words)
    lexicon, silent = pronounced(chosen)
    progress(f"{len(lexicon)} words, {len(silent)} that cannot be said")
    segmenter = Segmenter.of(list(lexicon), general)
    used, unused = _cut(segmenter, sentences(recipe, texts))
    own = counting.estimated(used, lexicon, recipe.order)
    progress(f"{len(used)} sentences of our own, {len(unused)} with other words")
    model = own
    if general:
        # What the general model hardly needs by itself, it needs even less as a part.
        known = pruned(restricted(general, lexicon), recipe.least)
        model = mixed(own, known, recipe.own_share)
        progress(f"mixed: {[len(table) for table in model.orders]} n-grams")
    model, threshold = smaller(model, recipe.most_bytes)
    progress(f"pruned at {threshold:.2g}: {[len(table) for table in model.orders]} n-grams")
    return Built(lexicon, model, threshold, silent, unused)


def sentences(recipe: Recipe, texts: Iterable[str]) -> Iterator[phrases.Said]:
    """Our own sentences: the texts, said again with other values, and filled templates."""
    random = Random(recipe.seed)  # noqa: S311 -- sentences are no secrets
    values = Values(recipe.data, random)
    varied = phrases.Varied(values, values.cities, values.airlines)
    for text in texts:
        for said, share in varied.said(text, recipe.variants):
            yield said, share * recipe.phrase_count
    for weight, template in _templates(recipe):
        for _ in range(round(weight * recipe.draws)):
            for part in phrases.parts(phrases.filled(template, values, random)):
                yield part, recipe.template_count / recipe.draws


def _templates(recipe: Recipe) -> list[tuple[float, str]]:
    path = recipe.data / "speech" / "phrases.yml"
    return phrases.templates(path) if path.exists() else []


def _cut(
    segmenter: Segmenter, said: Iterable[phrases.Said]
) -> tuple[list[counting.Weighted], list[str]]:
    used, unused = [], []
    for text, count in said:
        cut = segmenter.words(text)
        if cut:
            used.append((cut, count))
        else:
            unused.append(text)
    return used, unused
