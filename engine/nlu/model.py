"""A trained model on disk: arrays, words and a card, none of them pickled.

``weights.npz`` holds the arrays, ``words.json`` everything that is text, and ``card.json`` says
where the model comes from, what it can do, and the hashes of the others. Where slots were marked in
the phrases, ``slots.npz`` and ``slots.json`` are their tagger.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from engine.nlu import packing
from engine.nlu.classifier import Classifier, Weights
from engine.nlu.errors import ModelError
from engine.nlu.features import Settings
from engine.nlu.network import Network
from engine.nlu.rejection import Rejection
from engine.nlu.tagging import storage
from engine.nlu.tagging.tagger import Tagger
from engine.nlu.trust import Trust

#: Changes whenever older programs could not read what is written.
FORMAT = 2

WEIGHTS, WORDS, CARD = "weights.npz", "words.json", "card.json"
_NAMES = tuple(field.name for field in fields(Weights))
_LAYERS = tuple(field.name for field in fields(Network))
#: Before the names of the network's arrays.
_BESIDE = "network."
_INTEGERS = {"rows", "starts", "foreign"}


class Card(msgspec.Struct, kw_only=True):
    """Where a model comes from and what it can do. ``files`` are the SHA-256 of its files."""

    format: int = FORMAT
    made: str
    command: str
    data: dict[str, str]
    examples: dict[str, int]
    versions: dict[str, str]
    figures: dict[str, float]
    confusions: list[tuple[str, str, int]]
    files: dict[str, str] = {}


class _Words(msgspec.Struct):
    labels: list[str]
    vocabulary: list[str]
    phrases: dict[str, str]
    settings: Settings
    temperature: float
    rejection: Rejection
    trust: Trust = Trust()
    certainty: float = 1.0


@dataclass(frozen=True, slots=True)
class Model:
    """A classifier, how its features are made, and the intent of every squeezed training phrase.

    ``tagger`` is None where no phrase had marked slots. ``certainty`` is how often equal phrases
    have the same intent.
    """

    classifier: Classifier
    settings: Settings
    phrases: dict[str, str]
    tagger: Tagger | None = None
    certainty: float = 1.0


def save(model: Model, card: Card, folder: Path) -> None:
    """Write a model; the card last, so that a torn write is found when loading."""
    classifier = model.classifier
    words = _Words(
        classifier.labels,
        list(classifier.vocabulary),
        model.phrases,
        model.settings,
        classifier.temperature,
        classifier.rejection,
        classifier.trust,
        model.certainty,
    )
    arrays = io.BytesIO()
    np.savez_compressed(arrays, **_arrays(classifier))
    contents = {WEIGHTS: arrays.getvalue(), WORDS: msgspec.json.encode(words) + b"\n"}
    if model.tagger:
        contents |= storage.written(model.tagger)
    card.files = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / CARD).write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n")


def load(folder: Path) -> Model:
    """Read a model. Raises `ModelError` when it is missing, changed, torn or of another format."""
    card = load_card(folder)
    if card.format != FORMAT:
        raise ModelError(f"{folder}: format {card.format}, not {FORMAT}; run: banli train")
    try:
        words = msgspec.json.decode(_content(folder, WORDS, card), type=_Words)
        weights, network = _read_arrays(_content(folder, WEIGHTS, card))
        tagger = _tagger(folder, card)
    except (msgspec.DecodeError, ValueError, KeyError, zipfile.BadZipFile, re.error) as error:
        raise ModelError(f"{folder}: the model cannot be read: {error}") from error
    vocabulary = {name: index for index, name in enumerate(words.vocabulary)}
    if weights.coefficients.shape != (len(vocabulary), len(words.labels)):
        raise ModelError(f"{folder}: {WEIGHTS} does not fit {WORDS}; run: banli train")
    classifier = Classifier(
        words.labels,
        vocabulary,
        weights,
        temperature=words.temperature,
        trust=words.trust,
        rejection=words.rejection,
        network=network,
    )
    return Model(classifier, words.settings, words.phrases, tagger, words.certainty)


def load_card(folder: Path) -> Card:
    """The card of a model. Raises `ModelError`."""
    try:
        return msgspec.json.decode((folder / CARD).read_bytes(), type=Card)
    except OSError as error:
        raise ModelError(
            f"no model in {folder}; make it with: banli train --out {folder}"
        ) from error
    except msgspec.DecodeError as error:
        raise ModelError(f"{folder / CARD}: not a card of a model: {error}") from error


def _arrays(classifier: Classifier) -> dict[str, Any]:
    found = {name: getattr(classifier.weights, name) for name in _NAMES}
    if classifier.network:
        found |= {_BESIDE + name: getattr(classifier.network, name) for name in _LAYERS}
    return packing.packed(found)


def _content(folder: Path, name: str, card: Card) -> bytes:
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise ModelError(f"{folder / name} cannot be read; run: banli train") from error
    if hashlib.sha256(content).hexdigest() != card.files.get(name):
        raise ModelError(f"{folder / name} is not the file its card describes; run: banli train")
    return content


def _tagger(folder: Path, card: Card) -> Tagger | None:
    names = (storage.TABLES, storage.TEXTS)
    if not card.files.keys() & set(names):
        return None
    return storage.read({name: _content(folder, name, card) for name in names})


def _read_arrays(content: bytes) -> tuple[Weights, Network | None]:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        found: dict[str, Any] = {
            name: np.asarray(arrays[name], np.int32 if name in _INTEGERS else np.float32)
            for name in _NAMES
            if name != packing.COEFFICIENTS
        }
        found[packing.COEFFICIENTS] = packing.coefficients(arrays)
        layers: dict[str, Any] = {
            name: arrays[_BESIDE + name] for name in _LAYERS if _BESIDE + name in arrays
        }
    return Weights(**found), Network(**layers) if layers else None
