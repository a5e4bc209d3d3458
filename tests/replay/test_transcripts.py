"""Every transcript in `tests/replays/`, once for each of its wordings."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from engine.replay import Run, find, play, report, runs_of
from engine.replay.stage import Troupe

FOLDER = Path(__file__).parents[1] / "replays"
RUNS = runs_of(find([FOLDER]))

#: The behaviours of a conversation that transcripts have to show; `docs/replay.md` lists them.
ROWS = (
    *(1, 2, 3, 4, 5, 6, 9, 15, 18, 20, 26, 28, 29, 30, 32, 34, 38, 39),
    *(41, 43, 44, 45, 48, 49, 50, 52, 55, 56, 63),
)
BUSINESSES = {"checkin", "topup", "query_flight", "query_balance", "query_order", "bind_member"} | {
    "unlink_member",
    "follow_flight",
    "follow_balance",
    "stop_notice",
    "list_notices",
}
TAGS = Counter(tag for run in RUNS if run.wording == 0 for tag in run.source.transcript.tags)


@pytest.mark.parametrize("run", RUNS, ids=str)
async def test_the_conversation_goes_as_recorded(run: Run, troupe: Troupe) -> None:
    played = await play(run, troupe)

    assert not played.faults, "\n" + report.text(played)


@pytest.mark.parametrize("row", ROWS)
def test_a_transcript_shows_the_behaviour(row: int) -> None:
    assert TAGS[f"row-{row}"] >= 1


@pytest.mark.parametrize("business", sorted(BUSINESSES))
def test_a_transcript_finishes_the_business(business: str) -> None:
    finished = {
        step.expect.done
        for run in RUNS
        for step in run.source.transcript.steps
        if step.expect is not None
    }

    assert business in finished
