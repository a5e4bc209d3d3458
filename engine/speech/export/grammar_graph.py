"""`Gr.fst`: a language model of n-grams over the lexicon's words.

A state is a history that some word was seen after. Where none was, an arc that reads nothing backs
off to the shorter history, at the price that the model has for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from engine.speech.kaldi.fst import Fst, FstBuilder
from engine.speech.language.ngrams import BEGIN, END, NEVER, NGrams, Words

#: Costs are natural logarithms and go the other way.
_COST = -math.log(10.0)


def grammar_graph(model: NGrams, ids: Mapping[str, int]) -> Fst:
    """The graph of a model; n-grams of words that have no number in `ids` are left out.

    The beginning of every n-gram has to be one too, or nothing leads there. ARPA files are so.
    """
    return _Grammar(model, ids).built()


class _Grammar:
    """Histories as states. Every shorter end of a history is tried in turn until one is known."""

    def __init__(self, model: NGrams, ids: Mapping[str, int]) -> None:
        self._model = model
        self._ids = ids
        self._builder = FstBuilder()
        self._states = self._histories()

    def built(self) -> Fst:
        for table in self._model.orders:
            for words, (chance, _) in table.items():
                source, word = self._states.get(words[:-1]), self._ids.get(words[-1])
                if source is not None and word is not None and chance > NEVER:
                    to, price = self._known(words[-len(self._model.orders) + 1 :])
                    price += chance
                    self._builder.arc(source, to, read=word, said=word, cost=_COST * price)
        for history, state in self._states.items():
            if history:
                to, price = self._known(history[1:])
                price += self._model.backoff(history)
                self._builder.arc(state, to, cost=_COST * price)
        return self._builder.built("input")

    def _histories(self) -> dict[Words, int]:
        """A state for each history that something may follow; the first is a sentence's begin."""
        followed = {words[:-1] for table in self._model.orders for words in table}
        known = {
            history
            for history in followed
            if all(word in self._ids for word in history[history[:1] == (BEGIN,) :])
        }
        finals = {
            words[:-1]: _COST * chance
            for table in self._model.orders
            for words, (chance, _) in table.items()
            if words[-1] == END
        }
        ordered = dict.fromkeys([(BEGIN,), (), *sorted(known)])
        return {each: self._builder.state(finals.get(each, math.inf)) for each in ordered}

    def _known(self, history: Words) -> tuple[int, float]:
        """The state of a history's longest known end, and log10 of backing off to it."""
        price = 0.0
        while (state := self._states.get(history)) is None:
            price += self._model.backoff(history)
            history = history[1:]
        return state, price
