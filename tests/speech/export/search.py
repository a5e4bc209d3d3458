"""The best path through lexicon graph and grammar, found by trying every one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from engine.speech.export import phones
from engine.speech.kaldi.fst import Fst
from engine.speech.kaldi.reach import reachable

#: Stands for an end among the words ahead of a state.
FINAL = 10**6


class Path(NamedTuple):
    """Logarithms of all together and of the sounds alone, and the words."""

    total: float = 0.0
    sounds: float = 0.0
    words: tuple[int, ...] = ()

    def onward(self, word: int, cost: float, sound: float = 0.0) -> Path:
        """One arc further."""
        words = (*self.words, word) if word else self.words
        return Path(self.total - cost + sound, self.sounds + sound, words)

    @property
    def score(self) -> float:
        """What Vosk 0.3.45 tells: it gives graphs nine tenths of their weight."""
        return self.sounds + 0.9 * (self.total - self.sounds)


class Place(NamedTuple):
    """A state of either graph, and how many of the wanted words have been said."""

    state: int
    history: int
    said: int = 0


class Search:
    """Both graphs, run side by side for a network of so many outputs."""

    def __init__(self, lexicon: Fst, grammar: Fst, outputs: int) -> None:
        self._lexicon = [lexicon.leaving(state).tolist() for state in range(lexicon.states)]
        self._lexicon_finals = lexicon.finals.tolist()
        self._follow = [
            {read: (to, cost) for read, _, cost, to in grammar.leaving(state).tolist()}
            for state in range(grammar.states)
        ]
        self._grammar_finals = grammar.finals.tolist()
        self._start = Place(lexicon.start, grammar.start)
        self._outputs = phones.outputs(outputs)
        self._words_ahead = reachable(lexicon, final_label=FINAL)

    def best(self, likelihoods: np.ndarray, words: tuple[int, ...] | None = None) -> Path:
        """The likeliest path over (time, outputs), of these words or of any."""
        useful = self._towards(set(words) if words is not None else self._known_words())
        paths = self._silent({self._start: Path()}, words, useful)
        for row in likelihoods.tolist():
            after: dict[Place, Path] = {}
            for place, path in paths.items():
                for to, read, word, cost in self._steps(place, words, useful):
                    if read:
                        sound = row[self._outputs[(read + 1) // 2 - 1]]
                        keep(after, to, path.onward(word, cost, sound))
            paths = self._silent(after, words, useful)
        return max(self._ended(paths.items(), words))

    def _known_words(self) -> set[int]:
        return {word for follow in self._follow for word in follow}

    def _towards(self, words: set[int]) -> list[bool]:
        """Which states of the lexicon lead to other words only, or not."""
        return [
            any(begin <= word < end for begin, end in ahead for word in (*words, FINAL))
            for ahead in self._words_ahead
        ]

    def _silent(
        self, paths: dict[Place, Path], words: tuple[int, ...] | None, useful: list[bool]
    ) -> dict[Place, Path]:
        """With everything that is reached without a sound."""
        ahead = list(paths)
        while ahead:
            place = ahead.pop()
            for to, read, word, cost in self._steps(place, words, useful):
                if not read and keep(paths, to, paths[place].onward(word, cost)):
                    ahead.append(to)
        return paths

    def _steps(
        self, place: Place, words: tuple[int, ...] | None, useful: list[bool]
    ) -> Iterator[tuple[Place, int, int, float]]:
        """Where to, the transition, the word and the cost of every arc of both graphs."""
        state, history, said = place
        follow = self._follow[history]
        wanted = None if words is None else (*words, 0)[said]
        for read, word, cost, to in self._lexicon[state]:
            if useful[to] and not word:
                yield place._replace(state=to), read, 0, cost
            elif useful[to] and word in follow and wanted in (None, word):
                after, price = follow[word]
                yield Place(to, after, said + (words is not None)), read, word, cost + price
        if 0 in follow:
            yield place._replace(history=follow[0][0]), 0, 0, follow[0][1]

    def _ended(
        self, paths: Iterable[tuple[Place, Path]], words: tuple[int, ...] | None
    ) -> Iterator[Path]:
        for (state, history, said), path in paths:
            end = self._lexicon_finals[state] + self._grammar_finals[history]
            if math.isfinite(end) and said == len(words or ()):
                yield path._replace(total=path.total - end)


def keep(paths: dict[Place, Path], place: Place, path: Path) -> bool:
    """Keep a path if none as good led there before."""
    if place in paths and paths[place].total >= path.total:
        return False
    paths[place] = path
    return True
