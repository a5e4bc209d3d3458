"""The worked examples of `docs/examples/`: checked, trained and played as their page says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.business.demo import business
from engine.business.http import NoSecret
from engine.cli import app
from engine.dialog import checking
from engine.dialog.scripts import loading
from engine.loaded import load_scripts
from engine.nlu import dataset
from engine.replay import Run, assemble, find, play, report, runs_of
from engine.replay.databases import Databases
from engine.replay.troupe import Troupe

FOLDER = Path(__file__).parents[2] / "docs" / "examples"
RUNS = runs_of(find([FOLDER / "replays"]))
#: Conversations of each business that are enough to learn from.
ENOUGH = 8


@pytest.fixture(scope="module")
def troupe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Troupe]:
    """The scripts and a model of the examples' own phrases."""
    model = tmp_path_factory.mktemp("examples") / "nlu"
    phrases = [str(FOLDER / "nlu"), str(FOLDER / "dialogs" / "faq")]
    trained = CliRunner().invoke(app, ["train", "--with-acts", *phrases, "--out", str(model)])
    assert trained.exit_code == 0, trained.output
    with Databases() as databases:
        yield assemble(databases, dialogs=FOLDER / "dialogs", model=model)


def test_the_examples_are_without_a_problem() -> None:
    examples = dataset.read([FOLDER / "nlu", FOLDER / "dialogs" / "faq"])
    scripts = loading.load(FOLDER / "dialogs")
    assert checking.check(scripts, business, examples=examples) == []


def test_both_businesses_have_conversations_enough() -> None:
    begun = Counter(run.source.file.stem.partition("-")[0] for run in RUNS)
    assert min(begun["train"] + begun["refund"], begun["table"]) >= ENOUGH


def test_the_page_names_every_file() -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    files = [file for file in FOLDER.rglob("*.y*ml") if file.parent.name != "replays"]
    assert files
    assert all(file.relative_to(FOLDER).as_posix() in page for file in files)


def test_the_secret_with_which_an_effect_is_stopped_is_missed_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (FOLDER / "dialogs" / "train_ticket.yaml").read_text("utf-8")
    other = text.replace('close-ticket", secret: example', 'close-ticket", secret: elsewhere')
    (tmp_path / "train_ticket.yaml").write_text(other, "utf-8")
    monkeypatch.setenv("BANLI_SECRET_EXAMPLE", "x")
    with pytest.raises(NoSecret, match="ELSEWHERE"):
        load_scripts(tmp_path, business)


@pytest.mark.parametrize("run", RUNS, ids=str)
async def test_the_conversation_goes_as_recorded(run: Run, troupe: Troupe) -> None:
    played = await play(run, troupe)

    assert not played.faults, "\n" + report.text(played)
