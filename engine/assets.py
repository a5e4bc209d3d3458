"""Where the files that travel with the program are: scripts, phrases, models, demo data."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """The folder of `dialogs/`, `data/` and `models/`: the checkout, or the installed copy."""
    installed = _PACKAGE / "_assets"
    return installed if installed.is_dir() else _PACKAGE.parent


def dialogs() -> Path:
    """Dialog scripts."""
    return root() / "dialogs"


def data() -> Path:
    """Training phrases, lexicons and demo data."""
    return root() / "data"


def models() -> Path:
    """Trained artefacts."""
    return root() / "models"
