"""What a model is made of, and where that comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.speech.export import acoustic, checkpoint
from engine.speech.export.grammar_graph import grammar_graph
from engine.speech.export.lexicon_graph import Costs
from engine.speech.export.network import Network
from engine.speech.export.word_tree import WordTree, pronunciations
from engine.speech.kaldi.fst import Fst
from engine.speech.language.ngrams import read_arpa
from engine.speech.lexicon import lexicon as lexicons


@dataclass(frozen=True, slots=True)
class How:
    """Choices that training does not make.

    ``blank`` is ln of what the blank's probability is divided by: above 0 fewer sounds are lost to
    silence. ``halved`` weights take half the bytes. ``decoding`` has lines of `model.conf`.
    ``hiss`` (in units of 16 bit) is added to all that is heard, so that nothing is ever digitally
    silent; with any, no two hearings are quite the same.
    """

    costs: Costs = field(default_factory=Costs)
    blank: float = 0.0
    halved: bool = False
    decoding: Mapping[str, str] = field(default_factory=dict)
    hiss: float = 0.0


@dataclass(frozen=True, slots=True)
class Parts:
    """A network, the words with their sounds, a grammar of them, and how to put them together."""

    network: Network
    tree: WordTree
    grammar: Fst
    how: How = field(default_factory=How)


def read(network: Path, lexicon: Path, ngrams: Path, how: How) -> Parts:
    """From a checkpoint of training (or the directory of a model, to keep its network), a lexicon
    and ARPA n-grams. Raises `NotExported`, `BadTable` or `BadKaldiFile`.
    """
    kept = acoustic.load(network) if network.is_dir() else checkpoint.load(network)
    tree = WordTree(pronunciations(lexicons.read(lexicon)))
    return Parts(kept, tree, grammar_graph(read_arpa(ngrams), tree.ids), how)
