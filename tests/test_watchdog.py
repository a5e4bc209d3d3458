"""A test that hangs on its way out ends, and is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

CONFTEST = """
from tests.watchdog import watch

def pytest_configure(config):
    watch(config, 0.5)
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


LASTS = """
import time

def test_lasts():
    time.sleep(1)
"""


def test_what_hangs_after_it_has_failed_ends_with_all_that_it_began(tmp_path: Path) -> None:
    ended = _run(HANGS, tmp_path)
    assert ended.returncode == 1
    assert "no end of test_it.py::test_hangs" in ended.stderr
    assert "await asyncio.Event().wait()" in ended.stderr


def test_who_asks_for_no_timeout_has_tests_of_any_length(tmp_path: Path) -> None:
    assert _run(LASTS, tmp_path).returncode == 1
    assert _run(LASTS, tmp_path, "--timeout", "0").returncode == 0


def _run(test: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(test)
    # It does not return before its child, which has the same stderr, has ended as well.
    mode = ("-s", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-o", "asyncio_mode=auto")
    return subprocess.run(
        [sys.executable, "-m", "pytest", *mode, *options, str(folder)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
