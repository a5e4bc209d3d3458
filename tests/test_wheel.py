"""A wheel of this tree, installed elsewhere, brings its scripts, model and demo data along."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import urllib.request
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: Variables that a program needs to run; none leads to the checkout.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


class Installation:
    """An environment of its own that holds banli from the wheel, and works in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.packages = folder / "venv"
        self.bin = self.packages / "bin"
        self.work = folder / "work"
        self.work.mkdir()

    def install(self, wheel: Path) -> None:
        venv.create(self.packages, with_pip=False)
        (site,) = self.packages.glob("lib/python*/site-packages")
        # The dependencies come from the environment of the tests. Its own .pth files are not read
        # again from here, so the editable checkout that one of them names stays out of sight.
        (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
        pip = [sys.executable, "-m", "pip", "--python", str(self.bin / "python")]
        run(*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel))

    def start(self, *command: str) -> subprocess.Popen[str]:
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        return subprocess.Popen(
            [self.bin / command[0], *command[1:]],
            cwd=self.work,
            env=environment | {"BANLI_HOME": str(self.work / "home")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, *command: str) -> str:
        with self.start(*command) as process:
            out, errors = process.communicate()
        assert process.returncode == 0, errors
        return out


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("wheel")
    run(
        *(sys.executable, "-m", "build", "--wheel", "--no-isolation"),
        *("--outdir", str(folder / "dist"), str(ROOT)),
    )
    (wheel,) = (folder / "dist").glob("*.whl")
    installation = Installation(folder)
    installation.install(wheel)
    return installation


def free_ports(count: int) -> list[int]:
    listening = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in listening]
    for each in listening:
        each.close()
    return ports


def test_the_installed_copy_runs_and_not_the_checkout(installed: Installation) -> None:
    program = "import engine, engine.assets, server; print(engine.__file__, server.__file__)"
    for file in installed.run("python", "-c", program).split():
        assert Path(file).is_relative_to(installed.packages)
    assert installed.run("banli", "--version").startswith("banli ")


def test_it_understands_without_the_checkout(installed: Installation) -> None:
    parsed = json.loads(installed.run("banli", "parse", "给13812345678充100块话费"))
    assert parsed["intent"]["name"] == "topup"
    entities = {(entity["type"], entity["value"]) for entity in parsed["entities"]}
    assert entities == {("phone", "13812345678"), ("money", "100")}


def test_its_scripts_are_right(installed: Installation) -> None:
    installed.run("banli", "dialogs", "check")


def test_it_shows_the_demo_without_the_checkout(installed: Installation) -> None:
    page, provider = map(str, free_ports(2))
    demo = installed.start("banli", "demo", "--port", page, "--provider-port", provider)
    with demo:
        assert demo.stdout is not None
        said = ""
        while (address := re.search(r"http://\S+", said)) is None and (
            line := demo.stdout.readline()
        ):
            said += line
        assert address is not None, demo.communicate()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address[0]) as response:
            assert response.status == 200
            assert "<html" in response.read().decode()
        demo.send_signal(signal.SIGINT)
        demo.communicate()
