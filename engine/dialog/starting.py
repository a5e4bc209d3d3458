"""A new business to begin with: a script that works, its phrases and a transcript."""

from __future__ import annotations

import re
from pathlib import Path

from engine import assets
from engine.dialog.acts.acts import ACTS
from engine.dialog.errors import Problem, ScriptError
from engine.dialog.scripts.schema import FILE, script_schema
from engine.nlu.parse import OUT_OF_SCOPE

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def start(folder: Path, *, name: str, title: str) -> list[Path]:
    """Write the files of a new business below a folder; returns them, the script first.

    Raises `ScriptError` where the name cannot be one, or a file is there already.
    """
    if not _NAME.fullmatch(name) or name in ACTS or name == OUT_OF_SCOPE:
        raise ScriptError(
            [Problem(folder, 0, f"`{name}` is no name for a business; take small letters and _")]
        )
    written = {
        folder / "dialogs" / f"{name}.yaml": _filled("script.yaml", name, title),
        folder / "data" / "nlu" / "tasks" / f"{name}.yml": _filled("phrases.yml", name, title),
        folder / "tests" / "replays" / f"{name}.yaml": _filled("transcript.yaml", name, title),
    }
    there = [Problem(file, 0, "is there already") for file in written if file.exists()]
    if there:
        raise ScriptError(there)
    for file, text in written.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (folder / "dialogs" / FILE).write_text(script_schema(), encoding="utf-8")
    return list(written)


def _filled(template: str, name: str, title: str) -> str:
    text = (assets.data() / "new" / template).read_text(encoding="utf-8")
    return text.replace("NAME", name).replace("TITLE", title)
