"""The features of an utterance as the numbers that they have in a vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, repeat

from engine.nlu.features import APART, PAIR, WORD, Features, Gram, is_mask
from engine.nlu.parse import Entity

#: The number of a feature that training never saw, and of a pair of words that it never saw: most
#: pairs are new, and say nothing.
NEW, NEW_PAIR = -1, -2

#: How many grams are kept with their numbers; customers' texts have some of a few thousand.
KEPT = 8192


class Encoder:
    """Finds the numbers of what `Features` names, without writing the names.

    Utterances are made of the same few neighbouring symbols again and again: each is named, and its
    names are looked up, only once. Pairs of words are looked up by their words.
    """

    def __init__(self, features: Features, vocabulary: Mapping[str, int]) -> None:
        self._features = features
        self._grams = _Grams(features, vocabulary)
        size = len(WORD)
        self._words = {
            name[size:]: index for name, index in vocabulary.items() if name.startswith(WORD)
        }
        self._partners = partners(vocabulary)

    def __call__(self, text: str, entities: Sequence[Entity] = ()) -> list[int]:
        """The number of every feature, as often as it occurs; `NEW` and `NEW_PAIR` among them."""
        symbols, words = self._features.parts(text, entities)
        found = list(
            chain.from_iterable(map(self._grams.__getitem__, self._features.grams(symbols)))
        )
        own = self._words
        found += [own.get(word, NEW) for word in words if word in own or not is_mask(word)]
        for at, word in enumerate(words):
            if others := self._partners.get(word):
                found += map(others.get, words[at + 1 : at + 1 + APART], repeat(NEW_PAIR))
        return found


class _Grams(dict[Gram, tuple[int, ...]]):
    """The numbers of a gram's features; fills itself, and begins anew when it is full."""

    def __init__(self, features: Features, vocabulary: Mapping[str, int]) -> None:
        super().__init__()
        self._names, self._number = features.names, vocabulary.get

    def __missing__(self, gram: Gram) -> tuple[int, ...]:
        if len(self) >= KEPT:
            self.clear()
        numbers = tuple(self._number(name, NEW) for name in self._names(gram))
        self[gram] = numbers
        return numbers


def partners(vocabulary: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """For every word those that it makes a known pair with, and the number of the pair.

    Words have no spaces in them.
    """
    found: dict[str, dict[str, int]] = {}
    for name, number in vocabulary.items():
        if name.startswith(PAIR):
            one, _, other = name[len(PAIR) :].partition(" ")
            found.setdefault(one, {})[other] = number
            found.setdefault(other, {})[one] = number
    return found
