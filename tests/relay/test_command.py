from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from engine.cli import app

ACCOUNT = ("--account", "bot", "--url", "http://127.0.0.1:1/wechat", "--token", "relaytoken")


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """A command sets up logs on a stream that ends with it."""
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize("options", [(), (*ACCOUNT, "--accounts", "here")])
def test_accounts_come_from_one_place(options: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["relay", *options])
    assert done.exit_code == 2
    assert done.stderr == "banli relay: give either --accounts DIR or --account NAME\n"


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ((), "bot: no answer from http://127.0.0.1:1/wechat: "),
        (("--mode", "safe"), "options: "),
        (("--url", "nowhere"), "options: relay.url: not an http(s) address: 'nowhere'"),
    ],
)
def test_a_start_that_fails_is_one_line(
    tmp_path: Path, options: tuple[str, ...], fault: str
) -> None:
    done = CliRunner().invoke(app, ["relay", *ACCOUNT, *options, "--home", str(tmp_path)])
    assert done.exit_code == 1
    assert done.stderr.startswith(f"banli relay: {fault}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [("demo",), ("relay", *ACCOUNT)])
def test_a_port_that_is_none_is_named(command: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*command, "--port", "80000"])
    assert done.exit_code == 2
    assert "--port" in done.stderr
