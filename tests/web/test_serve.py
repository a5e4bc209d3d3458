"""`banli serve` as a process."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

Process = asyncio.subprocess.Process

PROGRAM = "from engine.cli import main; main()"
#: Asks itself to end while it tells its address.
ENDING = f"""
import os, signal, sys

class Told:
    def write(self, line):
        if "http://" in line:
            os.kill(os.getpid(), signal.SIGTERM)

    def flush(self):
        pass

sys.stderr = Told()
{PROGRAM}
"""


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    folder = tmp_path / "accounts"
    folder.mkdir()
    (folder / "airline.toml").write_text(
        'id = "gh_1"\nappid = "wx1"\nsecret = "s"\ntoken = "token123"\nmode = "plain"\n'
    )
    return folder


async def banli_serve(home: Path, *options: str, program: str = PROGRAM) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        "serve",
        *options,
        env={**os.environ, "BANLI_HOME": str(home)},
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )


async def lines(process: Process) -> AsyncIterator[str]:
    assert process.stderr is not None
    while line := await process.stderr.readline():
        yield line.decode()


async def test_it_tells_its_address_serves_and_stops_when_asked(
    tmp_path: Path, accounts: Path
) -> None:
    process = await banli_serve(tmp_path, "--accounts", str(accounts), "--port", "0")
    async for line in lines(process):
        if told := re.search(r"http://127.0.0.1:\d+", line):
            break
    assert told is not None
    async with aiohttp.ClientSession() as client, client.get(f"{told[0]}/healthz") as response:
        assert response.status == 200
    process.send_signal(signal.SIGTERM)
    _, said = await process.communicate()
    assert (process.returncode, said.decode()) == (0, "")


async def test_it_ends_when_asked_the_moment_it_has_told_its_address(
    tmp_path: Path, accounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANLI_SPEECH_MODEL", "off")
    options = ("--accounts", str(accounts), "--port", "0")
    process = await banli_serve(tmp_path, *options, program=ENDING)
    assert await process.wait() == 0


async def test_a_missing_folder_of_accounts_is_one_line(tmp_path: Path) -> None:
    process = await banli_serve(tmp_path, "--accounts", str(tmp_path / "nowhere"))
    said = [line async for line in lines(process)]
    assert await process.wait() == 1
    assert len(said) == 1
    assert "nowhere" in said[0]


async def test_a_port_that_is_taken_is_one_line(tmp_path: Path, accounts: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = await banli_serve(tmp_path, "--accounts", str(accounts), "--port", port)
        said = [line async for line in lines(process)]
    assert await process.wait() == 1
    assert len(said) == 1
    assert port in said[0]


async def test_an_engine_that_cannot_be_built_is_one_line(
    tmp_path: Path, accounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANLI_MODEL", str(tmp_path / "no-model"))
    process = await banli_serve(tmp_path, "--accounts", str(accounts), "--port", "0")
    said = [line async for line in lines(process)]
    assert await process.wait() == 1
    assert "no-model" in said[-1]
    assert not any("Traceback" in line for line in said)
