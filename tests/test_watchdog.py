"""A test that hangs on its way out ends, and is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

CONFTEST = """
from tests.watchdog import Watchdog

def pytest_configure(config):
    config.pluginmanager.register(Watchdog(0.5))
"""
HANGS = """
import asyncio, subprocess, sys

async def test_hangs():
    subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        raise AssertionError
    finally:
        await asyncio.Event().wait()
"""


def test_what_hangs_after_it_has_failed_ends_with_all_that_it_began(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_it.py").write_text(HANGS)
    # It does not return before its child, which has the same stderr, has ended as well.
    options = (
        "-s",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:schemathesis",
        "-o",
        "asyncio_mode=auto",
        str(tmp_path),
    )
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "no end of test_it.py::test_hangs" in ended.stderr
    assert "await asyncio.Event().wait()" in ended.stderr
