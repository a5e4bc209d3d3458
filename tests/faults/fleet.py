"""Real processes of `banli serve` over one database, which may be killed and started again."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.platform_side import ACCOUNT, TOKEN

_ROOT = Path(__file__).parents[2]
_SERVE = ("-c", "from engine.cli import main; main()", "serve")
_SERVES = "banli serves at http"
_SECONDS = 120.0


class Worker:
    """One process, at a port that it keeps over its deaths."""

    def __init__(self, home: Path, number: int, environment: dict[str, str]) -> None:
        self._home = home
        self._log = home / f"serve{number}.log"
        self._port = str(_free_port())
        self.url = f"http://127.0.0.1:{self._port}"
        self._environment = {**environment, "BANLI_PUBLIC_URL": self.url}
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start; `wait` says when it serves."""
        with self._log.open("ab") as log:
            self._seen = log.tell()
            self._process = subprocess.Popen(
                [sys.executable, *_SERVE, "--port", self._port],
                cwd=self._home,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Wait until it serves. Raises `RuntimeError` with its last words."""
        deadline = time.monotonic() + _SECONDS
        while _SERVES not in self._said():
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError(f"a worker ended: {self._said()[-2000:]}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"a worker does not begin: {self._said()[-2000:]}")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def fill_disk(self) -> None:
        """Let it write into no file any more, that of its log among them."""
        self._limit(0)

    def make_room(self) -> None:
        """Undo `fill_disk`."""
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        if self._process is not None:
            sizes = (size, resource.RLIM_INFINITY)
            resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, sizes)

    def errors(self) -> list[str]:
        """What it has logged that is wrong."""
        said = self._log.read_text("utf-8")
        return [line for line in said.splitlines() if "[error" in line or "Traceback" in line]

    def _said(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._seen)
            return log.read().decode()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def running(home: Path, database: str, *, workers: int = 2) -> Iterator[list[Worker]]:
    """Workers that serve until the block ends."""
    accounts = home / "accounts"
    accounts.mkdir()
    file = accounts / "faults.toml"
    file.write_text(
        f'id = "{ACCOUNT}"\nappid = "wx1"\nsecret = "none"\ntoken = "{TOKEN}"\nmode = "plain"\n'
    )
    environment = {
        **{name: told for name, told in os.environ.items() if not name.startswith("BANLI_")},
        "PYTHONPATH": str(_ROOT),
        "BANLI_HOME": str(home),
        "BANLI_ACCOUNTS": str(accounts),
        "BANLI_DATABASE": database,
        "BANLI_SPEECH_MODEL": "off",
        # Pages of one process are paid through another.
        "BANLI_SECRET_PAYMENTS": "told both",
        "BANLI_LOG_LEVEL": "warning",
    }
    fleet = [Worker(home, number, environment) for number in range(workers)]
    try:
        for worker in fleet:
            worker.begin()
        for worker in fleet:
            worker.wait()
        yield fleet
    finally:
        for worker in fleet:
            worker.kill()
