"""`HCLr.fst`: from transitions of phones to words, with a view of the words that may come.

The graph is the lexicon's tree, and every path through it is a path of CTC: a unit is held as long
as it sounds, blanks may follow, and between two equal units one must. Words leave at the end of
their branch, homophones side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from engine.speech.export import phones
from engine.speech.export.word_tree import UNKNOWN, Node, WordTree
from engine.speech.kaldi import openfst
from engine.speech.kaldi.fst import Fst, FstBuilder
from engine.speech.kaldi.reach import reachable
from engine.speech.kaldi.topology import forward, loop


@dataclass(frozen=True, slots=True)
class Costs:
    """Of paths through the graph, as −ln P for each frame or unit.

    ``inside`` is for a frame of blank within a word. Without it the best path may wait within a
    word that it has not paid for yet, where it should be silent, and the end of speaking is missed.
    ``unknown`` is for each unit of `UNKNOWN`: less and grammars let too much go, more and they
    force foreign words into theirs.
    """

    inside: float = 0.2
    silence: float = 0.0
    unknown: float = 1.5


def lexicon_graph(tree: WordTree, outputs: int, costs: Costs) -> Fst:
    """The graph for a network of so many outputs, sorted by words."""
    weaver = _Weaver(tree, costs)
    weaver.weave(tree.root, [(weaver.start, 0), (weaver.pause, 0)])
    weaver.weave_unknown(range(1, outputs))
    return weaver.builder.built("output")


def written(graph: Fst, tree: WordTree) -> bytes:
    """The bytes of `HCLr.fst`."""
    final_label = len(tree.ids) + 1
    return openfst.lookahead(graph, reachable(graph, final_label), final_label)


class _Weaver:
    """Lays states and arcs. A way in is a state and the unit that must not follow it at once."""

    def __init__(self, tree: WordTree, costs: Costs) -> None:
        self.builder = FstBuilder()
        self._ids = tree.ids
        self._costs = costs
        self.start = self.builder.state(final=0.0)
        self.pause = self.builder.state(final=0.0)
        self._enter(self.start, phones.SILENCE, self.pause, costs.silence)
        self.builder.arc(self.pause, self.pause, read=loop(phones.SILENCE))

    def weave(self, node: Node, ways_in: list[tuple[int, int]]) -> None:
        """What is below a node of the lexicon's tree."""
        for (unit, place), below in sorted(node.branches.items()):
            phone = phones.phone(unit, place)
            state = self._sounding(phone)
            for source, barred in ways_in:
                if unit != barred:
                    self._enter(source, phone, state)
            for word, cost in below.words.items():
                self.builder.arc(state, self.start, said=self._ids[word], cost=cost)
            if below.branches:
                self.weave(below, [(state, unit), (self._blank_after(state), 0)])

    def weave_unknown(self, units: Iterable[int]) -> None:
        """`UNKNOWN`: any units, one or more.

        It is said at once, unlike other words, whose branch must be known first. A grammar would
        otherwise go through all the units once for every word that may come before.
        """
        inner = self.builder.state()
        blank = self._sounding(phones.INSIDE, self._costs.inside)
        self.builder.arc(blank, inner)
        for unit, place in product(units, (phones.BEGIN, phones.MIDDLE, phones.END, phones.ALONE)):
            state = self._unknown_unit(phones.phone(unit, place), place, inner)
            if place in (phones.END, phones.ALONE):
                self.builder.arc(state, self.start)
            else:
                self.builder.arc(state, inner)
                self._enter(state, phones.INSIDE, blank)

    def _unknown_unit(self, phone: int, place: int, inner: int) -> int:
        state, cost = self._sounding(phone), self._costs.unknown
        if place in (phones.MIDDLE, phones.END):
            self.builder.arc(inner, state, read=forward(phone), cost=cost)
        else:
            for source in (self.start, self.pause):
                said = self._ids[UNKNOWN]
                self.builder.arc(source, state, read=forward(phone), said=said, cost=cost)
        return state

    def _blank_after(self, state: int) -> int:
        blank = self._sounding(phones.INSIDE, self._costs.inside)
        self._enter(state, phones.INSIDE, blank)
        return blank

    def _sounding(self, phone: int, cost: float = 0.0) -> int:
        """A state that holds a phone, for so much a frame."""
        state = self.builder.state()
        self.builder.arc(state, state, read=loop(phone), cost=cost)
        return state

    def _enter(self, source: int, phone: int, to: int, cost: float = 0.0) -> None:
        self.builder.arc(source, to, read=forward(phone), cost=cost)
