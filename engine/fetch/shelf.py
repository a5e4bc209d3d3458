"""The models that are on this machine, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import msgspec

from engine.fetch.catalogue import Catalogue, Model

#: Written beside a fetched model.
ORIGIN = "origin.json"

#: Where trained models say what they are: for people, and for programs.
CARDS = ("card.md", "card.json", ORIGIN)


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a fetched model comes from; ``fetched`` is an ISO time."""

    name: str
    url: str
    fetched: str
    size: int
    md5: str = ""
    sha256: str = ""
    licence: str = "Apache-2.0, says https://alphacephei.com/vosk/models"

    @classmethod
    def of(cls, name: str, model: Model, catalogue: Catalogue, now: datetime) -> Self:
        """The origin of a model that is fetched now."""
        return cls(
            name=name,
            url=f"{catalogue.site}/{name}.zip",
            fetched=now.isoformat(timespec="seconds"),
            size=model.size,
            md5=model.md5,
            sha256=model.sha256,
        )

    def write(self, folder: Path) -> None:
        """Leave it in the folder of the model."""
        text = msgspec.json.format(msgspec.json.encode(self), indent=1)
        (folder / ORIGIN).write_bytes(text + b"\n")


@dataclass(frozen=True, slots=True)
class Shelved:
    """A model in a folder; ``size`` is in bytes."""

    name: str
    folder: Path
    size: int


def is_model(folder: Path) -> bool:
    """Whether Vosk would find its files there: in parts, or all in one folder."""
    return (folder / "am" / "final.mdl").is_file() or (folder / "final.mdl").is_file()


def shelved(places: Iterable[Path]) -> Iterator[Shelved]:
    """The models right below the places: what has a card, or is one of Vosk."""
    seen: set[Path] = set()
    for place in places:
        for folder in sorted(place.iterdir()) if place.is_dir() else []:
            hidden = folder.name.startswith(".") or folder.resolve() in seen
            if not hidden and folder.is_dir() and (_card(folder) or is_model(folder)):
                seen.add(folder.resolve())
                yield Shelved(folder.name, folder, _size(folder))


def card(folder: Path) -> str | dict[str, Any] | None:
    """What a model says of itself: text, a JSON object, or nothing."""
    file = _card(folder)
    if file is None:
        return None
    text = file.read_text(encoding="utf-8", errors="replace")
    if file.suffix != ".json":
        return text
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError:
        return text


def _card(folder: Path) -> Path | None:
    return next((folder / name for name in CARDS if (folder / name).is_file()), None)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
