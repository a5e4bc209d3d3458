"""What the card of a speech model vouches for: the files it was made of, by their hashes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

#: `engine.speech.export.model` writes it; models of other makers have none.
CARD = "card.json"


class _Card(msgspec.Struct):
    files: dict[str, str] = {}


def changed(directory: Path) -> str:
    """What is not as its card says, in words; empty: all is, or there is no card."""
    card = directory / CARD
    if not card.exists():
        return ""
    try:
        files = msgspec.json.decode(card.read_bytes(), type=_Card).files
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return f"its {CARD} cannot be read"
    wrong = (name for name, digest in files.items() if not _is(directory / name, digest))
    return next((f"{name} is not the file that its {CARD} describes" for name in wrong), "")


def _is(file: Path, digest: str) -> bool:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest() == digest
    except OSError:
        return False
