"""Scripts as somebody edits them while the provider serves."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from engine.dialog.scripts import loading
from engine.dialog.scripts.loading import Scripts
from engine.replay.errors import TranscriptError


def edited(scripts: Scripts, changes: Mapping[str, Mapping[str, str] | None]) -> Scripts:
    """The scripts with parts of their text replaced: script, then part, then what is put there.

    A script without changes is taken away.

    Raises `TranscriptError` where there is no such script or part, `ScriptError` where the new text
    is no script.
    """
    with tempfile.TemporaryDirectory(prefix="banli-edited-") as folder:
        for name in scripts.by_intent.keys() | changes.keys():
            parts = changes.get(name, {})
            if parts is not None:
                (Path(folder) / f"{name}.yaml").write_text(_text(scripts, name, parts), "utf-8")
        phrases = scripts.phrases_document.file.read_text(encoding="utf-8")
        (Path(folder) / loading.PHRASES).write_text(phrases, "utf-8")
        return loading.load(Path(folder))


def _text(scripts: Scripts, name: str, parts: Mapping[str, str]) -> str:
    document = scripts.documents.get(name)
    if document is None:
        raise TranscriptError(f"reload: there is no script `{name}`")
    text = document.file.read_text(encoding="utf-8")
    for part, other in parts.items():
        if part not in text:
            raise TranscriptError(f"reload: {document.file.name} does not hold {part!r}")
        text = text.replace(part, other)
    return text
