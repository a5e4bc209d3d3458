"""A tagger as files: ``slots.npz`` holds its tables, ``slots.json`` what is text; no pickle."""

from __future__ import annotations

import io
from typing import Any

import msgspec
import numpy as np

from engine.nlu.tagging.chain import Links
from engine.nlu.tagging.channels import OFFSETS
from engine.nlu.tagging.hints import Hints
from engine.nlu.tagging.places import LABELS
from engine.nlu.tagging.tagger import Edges, Tagger, Types
from engine.nlu.tagging.values import Values

TABLES, TEXTS = "slots.npz", "slots.json"


class _Texts(msgspec.Struct):
    symbols: dict[str, list[str]]
    labels: list[str]
    features: list[str]
    values: dict[str, dict[str, int]]
    synonyms: dict[str, str]
    patterns: list[tuple[str, str]]


def written(tagger: Tagger) -> dict[str, bytes]:
    """The contents of the files, by name."""
    edges, types, hints = tagger.edges, tagger.types, tagger.hints
    texts = _Texts(
        {name: list(symbols) for name, symbols in edges.symbols.items()},
        types.labels,
        list(types.features),
        tagger.values.counts,
        hints.synonyms,
        [(name, pattern.pattern) for name, pattern in hints.patterns],
    )
    arrays: dict[str, Any] = {f"edges.{name}": table for name, table in edges.tables.items()}
    arrays |= {"types": types.table, **_links("edges", edges.links), **_links("types", types.links)}
    content = io.BytesIO()
    # Half precision changes no label that is not a toss-up, and halves the file.
    np.savez_compressed(content, **{name: a.astype(np.float16) for name, a in arrays.items()})
    return {TABLES: content.getvalue(), TEXTS: msgspec.json.encode(texts) + b"\n"}


def read(contents: dict[str, bytes]) -> Tagger:
    """The tagger of such contents.

    Raises `ValueError`, `KeyError`, `msgspec.DecodeError` or `zipfile.BadZipFile` where they are
    of another kind or do not fit each other.
    """
    texts = msgspec.json.decode(contents[TEXTS], type=_Texts)
    with np.load(io.BytesIO(contents[TABLES]), allow_pickle=False) as arrays:
        tables = {name: np.asarray(arrays[name], np.float32) for name in arrays.files}
    for name, offsets in OFFSETS.items():
        if tables[f"edges.{name}"].shape != (len(texts.symbols[name]) + 1, len(offsets), LABELS):
            raise ValueError(f"{TABLES} does not fit {TEXTS}: {name}")
    if tables["types"].shape != (len(texts.features), len(texts.labels)):
        raise ValueError(f"{TABLES} does not fit {TEXTS}: types")
    edges = Edges(
        {name: _numbered(symbols) for name, symbols in texts.symbols.items()},
        {name: tables[f"edges.{name}"] for name in OFFSETS},
        _linked("edges", tables),
    )
    types = Types(
        texts.labels, _numbered(texts.features), tables["types"], _linked("types", tables)
    )
    return Tagger(edges, types, Values(texts.values), Hints.of(texts.synonyms, texts.patterns))


def _numbered(names: list[str]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}


def _links(name: str, links: Links) -> dict[str, Any]:
    return {
        f"{name} steps": links.steps,
        f"{name} first": links.first,
        f"{name} last": links.last,
    }


def _linked(name: str, tables: dict[str, Any]) -> Links:
    return Links(tables[f"{name} steps"], tables[f"{name} first"], tables[f"{name} last"])
