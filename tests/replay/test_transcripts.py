"""Every transcript in `tests/replays/`, once for each of its wordings."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from engine.replay import Run, find, play, report, rows, runs_of
from engine.replay.troupe import Troupe

FOLDER = Path(__file__).parents[1] / "replays"
RUNS = runs_of(find([FOLDER]))

#: The behaviours of a conversation that transcripts have to show; `docs/replay.md` lists them.
ROWS = (
    *(1, 2, 3, 4, 5, 6, 8, 9, 11, 12, 15, 16, 17, 18, 19, 20, 21, 22, 23),
    *(26, 27, 28, 29, 30, 32, 34, 38, 39),
    *(41, 43, 44, 45, 48, 49, 50, 52, 55, 56, 63),
)
BUSINESSES = {
    *("checkin", "change_seat", "cancel_checkin", "boarding_pass", "topup"),
    *("query_flight", "query_balance", "query_order", "bind_member"),
    *(
        "pay_bill",
        "consult",
        "unlink_member",
        "follow_flight",
        "follow_balance",
        "stop_notice",
        "list_notices",
    ),
}
#: What users of other systems complain about, as transcripts are tagged that show it here.
COMPLAINTS = {
    f"complaint-{what}"
    for what in (
        *("interruption", "greedy", "unrecognised-leaves-form", "stop-then-no", "switch-form"),
        *("intent-substring", "session-restart", "effects-untested"),
        *("chinese-boundaries", "chinese-spaces", "chinese-dictionary"),
    )
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


def test_every_behaviour_has_two_transcripts() -> None:
    few = {row for row in range(1, 70) if TAGS[f"row-{row}"] < 2}

    assert not few, f"rows with fewer than two transcripts: {sorted(few)}"


def test_the_page_of_behaviours_names_the_transcripts_that_show_them_and_no_others() -> None:
    page = (FOLDER.parents[1] / "docs" / "dialogs.md").read_text("utf-8")
    shows = rows.shown(run.source for run in RUNS if run.wording == 0)

    assert set(rows.listed(page)) == {*map(str, range(1, 70)), *COMPLAINTS}
    assert all(shows.get(complaint) for complaint in COMPLAINTS)
    assert page == rows.rewritten(page, shows), (
        "run: banli replay tests/replays --rows docs/dialogs.md"
    )
