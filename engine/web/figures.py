"""The folder in which several processes count together, for as long as the first of them lives."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "banli-figures-"
_OWNED = re.compile(rf"{_PREFIX}(\d+)-")


@contextmanager
def figures_folder() -> Iterator[Path]:
    """A folder of this process; those of processes that were killed go first."""
    clear(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        yield Path(folder)


def clear(place: Path) -> None:
    """Delete the folders whose process is dead; what others own stays."""
    for folder in place.glob(f"{_PREFIX}*"):
        owner = _OWNED.match(folder.name)
        if owner and not _is_alive(int(owner[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
