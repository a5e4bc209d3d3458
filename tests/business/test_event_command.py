"""`banli event`: what happened at the company, told from a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from engine.cli import app


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/banli.db"


def run(database: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["event", *arguments, "--database", database])


def test_what_happened_is_kept(database: str) -> None:
    fact = "balance=5"
    done = run(database, "telecom.balance_changed", "phone=13812345678", fact)
    assert (done.exit_code, done.output) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("telecom.balance", "phone=1"), "has no event 'telecom.balance'; it has airline."),
        (("telecom.balance_changed", "phone"), "write a fact as NAME=VALUE"),
        (("telecom.balance_changed", "phone=1"), "missing a required argument: 'balance'"),
        (("telecom.balance_changed", "phone=1", "balance=5"), "refused: unknown_number, phone=1"),
    ],
)
def test_a_slip_is_one_line(database: str, arguments: tuple[str, ...], told: str) -> None:
    result = run(database, *arguments)
    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
