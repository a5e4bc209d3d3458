"""`banli replay`."""

from __future__ import annotations

from typing import Any

from typer.testing import CliRunner

from engine.cli import app

PASSING = "steps: [{say: 你好, expect: {intent: greet}}]\n"


def test_transcripts_that_pass_are_counted(desk: Any) -> None:
    outcome = CliRunner().invoke(app, ["replay", str(desk.write(PASSING))])
    assert outcome.exit_code == 0
    assert "ok    talk" in outcome.stdout
    assert "1 transcripts, 1 runs, 0 failed" in outcome.stdout


def test_a_transcript_that_fails_is_shown_and_fails_the_command(desk: Any) -> None:
    file = desk.write(PASSING.replace("greet", "thanks"))
    outcome = CliRunner().invoke(app, ["replay", str(file)])
    assert outcome.exit_code == 1
    assert f"{file}:5: step 1: intent" in outcome.stdout


def test_a_slip_is_one_line_on_stderr(desk: Any) -> None:
    file = desk.write("steps: [{sya: 你好}]\n")
    outcome = CliRunner().invoke(app, ["replay", str(file)])
    assert outcome.exit_code == 1
    assert outcome.stdout == ""
    assert outcome.stderr.startswith(f"banli replay: {file}:5: steps.0.sya")
