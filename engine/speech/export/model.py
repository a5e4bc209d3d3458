"""The directory of a model as Vosk loads it, written whole or not at all.

Vosk finds its files by name (`src/model.cc` of vosk-api 0.3.45). Grammars at run time need
``HCLr.fst`` and ``Gr.fst`` apart, and no ``HCLG.fst`` beside them.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from engine.speech.export import acoustic, lexicon_graph, phones
from engine.speech.export.parts import Parts
from engine.speech.kaldi import openfst

CARD = "card.json"
#: What people should know: data, licences, figures, limits.
ABOUT = "card.md"

#: How MFCC are computed; the network was trained on these and knows no others.
MFCC = {
    "sample-frequency": "16000",
    "use-energy": "false",
    "num-mel-bins": "40",
    "num-ceps": "40",
    "low-freq": "20",
    "high-freq": "7600",
    "allow-upsample": "true",
    "allow-downsample": "true",
}

#: How Vosk searches and when it takes a speaker to have ended, in seconds of silence.
DECODING = {
    "min-active": "200",
    "max-active": "3000",
    "beam": "13.0",
    "lattice-beam": "6.0",
    "acoustic-scale": "1.0",
    # Telling apart all that `[unk]` may consist of takes seconds and hundreds of megabytes.
    "phone-determinize": "false",
    "frame-subsampling-factor": "3",
    "endpoint.silence-phones": str(phones.SILENCE),
    "endpoint.rule2.min-trailing-silence": "0.5",
    "endpoint.rule3.min-trailing-silence": "1.0",
    "endpoint.rule4.min-trailing-silence": "2.0",
}


class Card(msgspec.Struct, kw_only=True):
    """Where a model comes from and how large it is; ``files`` are the SHA-256 of its files."""

    format: int = 1
    made: str
    command: str
    data: dict[str, str] = {}
    parameters: int = 0
    words: int = 0
    grammar_arcs: int = 0
    files: dict[str, str] = {}


def assemble(directory: Path, parts: Parts, card: Card, *, about: bytes = b"") -> Card:
    """Write a model, in place of the one that may be there; who has that one open keeps it.

    ``about`` is kept beside the card, in Markdown. Gives the card as it was written: with sizes and
    hashes.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=directory.parent) as beside:
        new, old = Path(beside) / "new", Path(beside) / "old"
        whole = _fill(new, parts, card, about)
        if directory.exists():
            directory.rename(old)
        new.rename(directory)
    return whole


def _fill(directory: Path, parts: Parts, card: Card, about: bytes) -> Card:
    contents = files(parts)
    card = msgspec.structs.replace(
        card,
        parameters=parts.network.parameters,
        words=len(parts.tree.ids),
        grammar_arcs=len(parts.grammar.arcs),
        files={name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
    )
    contents[CARD] = msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n"
    if about:
        contents[ABOUT] = about
    for name, content in contents.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(content)
    return card


def files(parts: Parts) -> dict[str, bytes]:
    """The files of a model without its card, by their place in the directory."""
    outputs, how = parts.network.outputs, parts.how
    graph = lexicon_graph.lexicon_graph(parts.tree, outputs, how.costs)
    return {
        **acoustic.files(parts.network, blank=how.blank, halved=how.halved),
        "conf/mfcc.conf": _options(MFCC | {"dither": f"{how.hiss:g}"}),
        "conf/model.conf": _options(DECODING | dict(how.decoding)),
        "graph/HCLr.fst": lexicon_graph.written(graph, parts.tree),
        "graph/Gr.fst": openfst.const(parts.grammar),
        "graph/words.txt": parts.tree.words_txt().encode(),
        "graph/phones/word_boundary.int": phones.word_boundaries(outputs).encode(),
        # No transition stands for a mark that tells equal words apart, but the file has to be.
        "graph/disambig_tid.int": b"",
    }


def _options(options: Mapping[str, str]) -> bytes:
    return "".join(f"--{name}={value}\n" for name, value in options.items()).encode()
