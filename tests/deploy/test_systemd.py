"""The shipped unit, as systemd reads it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

UNIT = Path(__file__).parents[2] / "deploy" / "banli.service"
PROGRAM = "/opt/banli/.venv/bin/banli"


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    shipped = UNIT.read_text("utf-8")
    assert PROGRAM in shipped
    # It looks whether the program is there.
    unit = tmp_path / "banli.service"
    unit.write_text(shipped.replace(PROGRAM, sys.executable), "utf-8")
    verdict = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    assert (verdict.returncode, verdict.stderr) == (0, "")
