"""A conversation in the terminal, or in the store, becomes a transcript that passes."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from engine.cli import app
from engine.replay import read

TYPED = "给13900138000充一百\n改成五十\n1\n再说一遍\n/quit\n"


def test_what_was_typed_is_played_again_with_the_same_outcome(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    options = ["--now", "2026-11-23T10:00", "--record", str(file)]
    told = CliRunner().invoke(app, ["chat", *options], input=TYPED)
    assert told.exit_code == 0, told.output
    transcript = read(file).transcript
    steps = [step.expect for step in transcript.steps]
    assert [step.actor for step in transcript.steps] == ["event", "say", "say", "click", "say"]
    assert steps[2] is not None
    assert (steps[2].repair, steps[2].asks) == ("correction", "confirm")
    assert steps[3] is not None
    assert (steps[3].done, steps[3].effects_delta) == ("topup", ({"telecom.top_up": {}},))
    assert transcript.effects == ({"telecom.top_up": {"phone": "13900138000", "amount": "50"}},)
    played = CliRunner().invoke(app, ["replay", str(file)])
    assert played.exit_code == 0, played.output


def test_a_conversation_that_the_store_keeps_plays_again_where_its_numbers_are_given(
    tmp_path: Path,
) -> None:
    database, file = f"sqlite:///{tmp_path / 'kept.db'}", tmp_path / "kept.yaml"
    options = ["--now", "2026-11-23T10:00", "--database", database]
    told = CliRunner().invoke(app, ["chat", *options], input=TYPED)
    assert told.exit_code == 0, told.output
    record = ["replay", str(file), "--record", "chat", "--account", "chat", "--database", database]

    masked = CliRunner().invoke(app, record)
    assert masked.exit_code == 1
    assert "139****8000 stands masked in the log" in masked.output
    assert "13900138000" not in file.read_text("utf-8")

    whole = CliRunner().invoke(app, [*record, "--number", "13900138000"])
    assert whole.exit_code == 0, whole.output
    assert [step.actor for step in read(file).transcript.steps] == [
        *("event", "say", "say", "click", "say")
    ]
    played = CliRunner().invoke(app, ["replay", str(file)])
    assert played.exit_code == 0, played.output


def test_a_customer_of_whom_nothing_is_kept_is_said_plainly(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'empty.db'}"
    options = ["--record", "nobody", "--account", "chat", "--database", database]
    told = CliRunner().invoke(app, ["replay", str(tmp_path / "no.yaml"), *options])

    assert told.exit_code == 1
    assert "no conversation of nobody is kept" in told.output
