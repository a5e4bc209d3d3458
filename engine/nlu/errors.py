"""What the nlu room raises."""

from __future__ import annotations

from pathlib import Path


class NluError(Exception):
    """Base of what the nlu room raises.

    NluError
    ├── FileError          something is wrong in a file; names file and line
    │   ├── DatasetError   a phrase file cannot be read
    │   └── LexiconError   a lexicon or dictionary file cannot be read
    └── ModelError         a trained model is missing, damaged or of another format
    """


class FileError(NluError):
    """Something is wrong at a place in a file; ``line`` 0 means the file as a whole."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        place = f"{path}:{line}" if line else str(path)
        super().__init__(f"{place}: {message}")
        self.path = path
        self.line = line


class DatasetError(FileError):
    """A phrase file cannot be read."""


class LexiconError(FileError):
    """A lexicon or dictionary file cannot be read."""


class ModelError(NluError):
    """A trained model is missing, damaged or of another format."""
