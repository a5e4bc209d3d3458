"""`banli dialogs new` writes a business that works as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.cli import app
from engine.dialog.scripts import loading


def run(*words: str) -> str:
    """What a command prints; it has to go well."""
    outcome = CliRunner().invoke(app, words)
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout


def test_a_new_business_passes_its_check_and_its_transcript_at_once(tmp_path: Path) -> None:
    told = run("dialogs", "new", "book_table", "--title", "订桌", "--in", str(tmp_path))
    check, replay, _ = (line.split() for line in told.splitlines() if "  banli " in line)
    assert "no problems" in run(*check[1:])
    assert "warning" not in run(*check[1:])
    assert "1 runs, 0 failed" in run(*replay[1:])


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    run("dialogs", "new", "tea", "--in", str(tmp_path))
    outcome = CliRunner().invoke(app, ["dialogs", "new", "tea", "--in", str(tmp_path)])
    assert outcome.exit_code == 1
    assert "dialogs/tea.yaml: is there already" in outcome.stderr


@pytest.mark.parametrize("name", ["cancel", "Book", "a-b", "out_of_scope", ""])
def test_a_name_must_be_one_that_an_intent_may_have(tmp_path: Path, name: str) -> None:
    outcome = CliRunner().invoke(app, ["dialogs", "new", name, "--in", str(tmp_path)])
    assert outcome.exit_code == 1
    assert "is no name for a business" in outcome.stderr
    assert list(tmp_path.iterdir()) == []


def test_its_name_is_its_title_where_none_is_given(tmp_path: Path) -> None:
    run("dialogs", "new", "tea", "--in", str(tmp_path))
    assert loading.load(tmp_path / "dialogs").by_intent["tea"].title == "tea"
