"""Which model of speech a command hears with."""

from __future__ import annotations

from pathlib import Path


def model_folder(given: Path | None) -> Path:
    """The folder, or the name of a fetched model, that was asked for; else what is set up."""
    from engine.settings import load_settings

    settings = load_settings()
    if given is None:
        return settings.speech_model
    fetched = settings.home / "models" / given
    return fetched if not given.exists() and fetched.is_dir() else given
