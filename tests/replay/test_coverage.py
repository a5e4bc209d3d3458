"""What the transcripts reach of scripts and dialog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from engine.cli import app
from engine.replay import coverage_report, play, runs_of
from engine.replay.coverage import Coverage, Item

TALK = """\
steps:
  - {say: 给13900138000充值, expect: {asks: amount}}
  - {click: {label: 50 元}, expect: {asks: confirm}}
  - {say: 上一步, expect: {asks: amount}}
"""


async def reached(desk: Any, rest: str) -> Coverage:
    coverage = Coverage(desk.troupe.scripts)
    with coverage.listening():
        played = await play(runs_of([desk.write(rest)])[0], desk.troupe)
    coverage.saw(played)
    assert played.faults == []
    return coverage


def hits(coverage: Coverage) -> set[str]:
    return {item.name for item in coverage.items if item.hits}


async def test_what_was_said_asked_chosen_and_repaired_is_reached(desk: Any) -> None:
    assert hits(await reached(desk, TALK)) >= {
        "topup.slots.amount.ask.0",
        "topup.amount",
        "topup.amount=50",
        "topup.confirm.0",
        "phrases.yes",
        "digression",
        "act.back",
        "back",
    }


async def test_what_was_not_said_has_a_place(desk: Any) -> None:
    coverage = await reached(desk, TALK)
    missed = {item.name: item for item in coverage.missed}
    ask = missed["topup.slots.amount.ask.1"]
    assert "请说充值金额" in ask.file.read_text("utf-8").splitlines()[ask.line - 1]
    gone = missed["act.goodbye"]
    assert "def goodbye" in gone.file.read_text("utf-8").splitlines()[gone.line - 1]


async def test_equal_words_at_two_places_are_told_apart(desk: Any) -> None:
    coverage = await reached(
        desk, "steps: [{say: 给13900138000充一百五, expect: {reject: not_offered}}]\n"
    )
    assert "topup.slots.amount.resolve.refused.not_offered.say" in hits(coverage)
    assert "topup.answer.refused.not_offered.say" not in hits(coverage)


async def test_words_that_are_put_together_are_reached_all(desk: Any) -> None:
    coverage = await reached(desk, "steps: [{say: 你好}]\n")
    assert {"phrases.greet", "phrases.menu"} <= hits(coverage)


async def test_the_page_shows_every_file_and_marks_what_was_missed(desk: Any) -> None:
    coverage = await reached(desk, TALK)
    page = coverage_report.page(coverage)
    assert "topup.yaml" in page
    assert 'class="hit"' in page
    assert 'class="miss"' in page
    assert "{{ phone.operator }}" in page


async def test_nothing_is_listened_to_outside_of_the_block(desk: Any) -> None:
    coverage = Coverage(desk.troupe.scripts)
    with coverage.listening():
        pass
    await play(runs_of([desk.write(TALK)])[0], desk.troupe)
    assert hits(coverage) == set()


def test_the_share_counts_things_and_not_how_often() -> None:
    coverage = Coverage.__new__(Coverage)
    here = Path("a.yaml")
    coverage.items = [Item("rules", "a", here, 1, 7), Item("rules", "b", here, 2)]
    assert coverage.share("rules") == 0.5


def test_the_command_tells_what_was_reached(desk: Any) -> None:
    page = desk.file.parent / "page.html"
    options = ["--coverage", "--coverage-html", str(page)]
    outcome = CliRunner().invoke(app, ["replay", str(desk.write(TALK)), *options])
    assert outcome.exit_code == 0, outcome.output
    assert "questions" in outcome.stdout
    assert "topup.slots.amount.ask.1 was not reached" in outcome.stdout
    assert page.read_text("utf-8").startswith("<!doctype html>")
