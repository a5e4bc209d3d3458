"""`banli serve --workers`: several processes that look like one from outside."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.web.test_draining import Now
from tests.web.test_serve import Process, accounts, banli_serve, lines

__all__ = ["accounts"]

WORKERS = 2


@pytest.fixture(autouse=True)
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said here, so nothing is loaded to hear it."""
    monkeypatch.setenv("BANLI_SPEECH_MODEL", "off")


@asynccontextmanager
async def serving(home: Path, accounts: Path) -> AsyncIterator[tuple[Process, str]]:
    """Two processes that serve, and their address; who has not ended them by then kills them."""
    options = ("--accounts", str(accounts), "--port", "0", "--workers", str(WORKERS))
    process = await banli_serve(home, *options)
    try:
        async for line in lines(process):
            if told := re.search(r"http://127.0.0.1:\d+", line):
                yield process, told[0]
                break
        else:
            raise AssertionError("it does not serve")
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def workers_of(process: Process) -> set[int]:
    """The processes that serve at this moment."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return {int(pid) for pid in children.split()}


async def gone(pid: int) -> None:
    """Wait until a process that is nobody's child here has ended."""
    ended, handle = asyncio.Event(), os.pidfd_open(pid)
    asyncio.get_running_loop().add_reader(handle, ended.set)
    await ended.wait()
    asyncio.get_running_loop().remove_reader(handle)
    os.close(handle)


async def said_by_all(process: Process, words: str) -> bool:
    """Wait until as many lines with these words were logged as there are workers."""
    count = 0
    async for line in lines(process):
        count += words in line
        if count == WORKERS:
            return True
    return False


async def write(url: str, customer: str) -> int:
    """One message over a connection of its own; the status of the answer."""
    async with aiohttp.ClientSession() as client:
        platform = Now(client, url)
        body = platform.text("今天天气怎么样", to="1", openid=customer, MsgId=customer)
        status, _ = await platform.push(body, to="airline")
    return status


async def turns_counted(url: str) -> float:
    """The turns that whichever process answers has counted, of all."""
    async with aiohttp.ClientSession() as client, client.get(f"{url}/metrics") as response:
        text = await response.text()
    return sum(float(each) for each in re.findall(r"^banli_turns_total\{.*\} (\S+)$", text, re.M))


async def test_they_share_the_port_and_each_tells_the_figures_of_all(
    tmp_path: Path, accounts: Path
) -> None:
    async with serving(tmp_path, accounts) as (process, url):
        assert len(workers_of(process)) == WORKERS
        statuses = await asyncio.gather(*(write(url, f"o{number}") for number in range(12)))
        assert set(statuses) == {200}
        # Which process answers is the kernel's choice: of eight questions not all fall to one.
        assert {await turns_counted(url) for _ in range(8)} == {12.0}
        process.send_signal(signal.SIGTERM)
        _, said = await process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in said


async def test_who_is_killed_is_replaced_and_what_it_had_counted_still_counts(
    tmp_path: Path, accounts: Path
) -> None:
    async with serving(tmp_path, accounts) as (process, url):
        before = workers_of(process)
        assert await write(url, "first") == 200
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        # Nobody is turned away meanwhile: the sockets outlive the processes.
        assert await write(url, "second") == 200
        assert await said_by_all(process, "worker replaced")
        assert len(workers_of(process) - before) == WORKERS
        assert await turns_counted(url) == 2.0


async def test_a_reload_reaches_all(tmp_path: Path, accounts: Path) -> None:
    async with serving(tmp_path, accounts) as (process, _):
        process.send_signal(signal.SIGHUP)
        assert await said_by_all(process, "read anew")


async def test_they_end_when_nobody_looks_after_them(tmp_path: Path, accounts: Path) -> None:
    async with serving(tmp_path, accounts) as (process, url):
        left = workers_of(process)
        ends = [asyncio.create_task(gone(pid)) for pid in left]
        # So that both are watched while they live.
        await asyncio.sleep(0)
        process.kill()
        await asyncio.gather(*ends)
        with pytest.raises(aiohttp.ClientConnectionError):
            await write(url, "late")


async def test_a_port_that_is_taken_is_one_line_for_several_too(
    tmp_path: Path, accounts: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        options = ("--accounts", str(accounts), "--port", port, "--workers", "2")
        process = await banli_serve(tmp_path, *options)
        said = [line async for line in lines(process)]
    assert await process.wait() == 1
    assert len(said) == 1
    assert port in said[0]


async def test_a_worker_that_cannot_begin_is_one_line(tmp_path: Path, accounts: Path) -> None:
    (tmp_path / "shop.py").write_text(
        "from engine.business.demo import business\n"
        "@business.prepare\n"
        "async def closed(connection, now):\n"
        "    raise OSError('the shop is closed')\n"
    )
    options = ("--accounts", str(accounts), "--port", "0", "--workers", "2")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANLI_BUSINESS", "shop:business")
        patch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
        process = await banli_serve(tmp_path, *options)
        said = [line async for line in lines(process)]
    assert await process.wait() == 1
    assert "the shop is closed" in said[-1]
    assert not any("Traceback" in line for line in said)
