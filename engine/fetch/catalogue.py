"""Which models there are: what we know of them, and what their own site says."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import msgspec

from engine import assets
from engine.fetch.errors import BadCatalogue, UnknownModel

#: A name becomes a folder and a part of an address.
NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An archive to be had. ``size`` is in bytes; 0 and "" say that it is not known here."""

    language: str = ""
    about: str = ""
    size: Annotated[int, msgspec.Meta(ge=0)] = 0
    md5: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{32})?$")] = ""
    sha256: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")] = ""

    @property
    def can_be_checked(self) -> bool:
        """Whether it is known what the archive must be."""
        return bool(self.size and (self.md5 or self.sha256))


class Catalogue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ``site`` that has NAME.zip for each model, and a ``list`` with sums for all it has."""

    site: Annotated[str, msgspec.Meta(pattern=r"^https?://\S*[^\s/]$")]
    list: str
    models: dict[Annotated[str, msgspec.Meta(pattern=NAME)], Model]

    def unknown(self, name: str) -> UnknownModel:
        """The error for a name that is in no list."""
        return UnknownModel(name, get_close_matches(name, self.models, n=2))


def load(file: Path | None = None) -> Catalogue:
    """The models that travel with the program, or those of ``file``. Raises `BadCatalogue`."""
    file = file or assets.data() / "fetch" / "vosk.yaml"
    try:
        return msgspec.yaml.decode(file.read_bytes(), type=Catalogue)
    except (OSError, msgspec.MsgspecError) as error:
        raise BadCatalogue(str(file), str(error)) from error


class _Row(msgspec.Struct):
    """An entry of the site's list; what else it has is not needed."""

    name: str
    size: int
    md5: str
    lang: str = ""


def published(text: bytes, place: str) -> dict[str, Model]:
    """The models of a site's list by name; an entry that cannot be used is left out.

    The format is that of https://alphacephei.com/vosk/models/model-list.json: objects with
    ``name``, ``size`` in bytes, ``md5`` of the archive and ``lang``. Raises `BadCatalogue`.
    """
    try:
        rows = msgspec.json.decode(text, type=list[_Row])
        return {
            row.name: msgspec.convert(
                {"language": row.lang, "size": row.size, "md5": row.md5.lower()}, Model
            )
            for row in rows
            if re.match(NAME, row.name)
        }
    except msgspec.MsgspecError as error:
        raise BadCatalogue(place, f"is no list of models: {error}") from error
