"""The clips of `voices/`: as many and as different as the page beside them says."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from engine.speech.audio.decoder import Decoder

VOICES = Path(__file__).parent / "voices"
#: What `Sound.format` is for an ending.
FORMATS = {"amr": "amr-nb", "ogg": "ogg-opus", "webm": "webm-opus"}
TASKS = {
    *("checkin", "topup", "query_flight", "query_balance", "query_order"),
    *("bind_member", "pay_bill", "subscribe_notice", "consult"),
}
KINDS = {
    *("phone", "money", "date", "time", "flight_no", "seat", "seat_preference", "city"),
    *("person", "order_no", "id_number", "ordinal", "yes_no", "act", "task"),
}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (VOICES / "manifest.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_row_has_its_clip_and_every_clip_its_row(rows: list[dict[str, str]]) -> None:
    clips = {file.name for file in VOICES.iterdir() if file.suffix not in {".md", ".py", ".tsv"}}
    assert Counter(row["file"] for row in rows) == dict.fromkeys(clips, 1)


def test_every_task_and_every_kind_of_value_is_spoken(rows: list[dict[str, str]]) -> None:
    assert {row["kind"] for row in rows} >= KINDS
    assert {row["intent"] for row in rows} >= TASKS
    assert sum("phone" in json.loads(row["slots"]) for row in rows) >= 15
    assert len({row["voice"] for row in rows}) >= 8


async def test_every_clip_is_sound_in_the_format_of_its_name(
    rows: list[dict[str, str]], decoder: Decoder
) -> None:
    for row in rows:
        sound = await decoder.decode((VOICES / row["file"]).read_bytes())
        ending = row["file"].rpartition(".")[2]
        assert sound.format == FORMATS.get(ending, ending)
        assert 0.5 < sound.seconds < 12
