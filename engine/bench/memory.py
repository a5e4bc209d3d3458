"""Memory of processes, in MB, as Linux tells it."""

from __future__ import annotations

import os
from pathlib import Path

_PRIVATE = ("Private_Clean:", "Private_Dirty:")


def resident(pid: int | None = None) -> float:
    """What a process, or this one, has in memory, shared pages included."""
    pages = int(Path(f"/proc/{pid or os.getpid()}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def private(pid: int) -> float:
    """What would be free again if the process were not."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(_PRIVATE)) * 1024 / 1e6
