"""Where several processes count together."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from engine.web.figures import clear, figures_folder


def test_a_folder_goes_with_its_process() -> None:
    with figures_folder() as folder:
        assert folder.is_dir()
    assert not folder.exists()


def test_only_folders_of_dead_processes_are_cleared(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    stale = tmp_path / f"banli-figures-{ended.pid}-abc"
    kept = [tmp_path / f"banli-figures-{os.getpid()}-abc", tmp_path / "banli-figures-abc"]
    for folder in (stale, *kept):
        folder.mkdir()
        (folder / "counter_1.db").write_bytes(b"1")
    clear(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(kept)
