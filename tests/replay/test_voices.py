"""Voice steps: the words beside a clip, or the clip itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from typer.testing import CliRunner

from engine.cli import app
from engine.replay import TranscriptError, play, runs_of
from engine.speech.expected import Expected
from engine.speech.heard import Heard

SPOKEN = """\
steps:
  - voice: clips/opener.amr
    heard: 给幺三九零零幺三八零零零充一百
    expect: {asks: confirm, heard: 139 0013 8000 充一百, heard_cer: 0.2}
"""


@dataclass
class Ears:
    """Hears in a clip what is written there."""

    sure: float = 1.0

    async def hear(self, upload: bytes, expected: Expected = Expected()) -> Heard:  # noqa: B008
        return Heard(text=upload.decode(), confidence=self.sure)


async def played(desk: Any, said: str, *, ears: Any) -> Any:
    clips = desk.file.parent / "clips"
    clips.mkdir(exist_ok=True)
    (clips / "opener.amr").write_text(said, encoding="utf-8")
    (run,) = runs_of([desk.write(SPOKEN)])
    return await play(run, replace(desk.troupe, ears=ears))


async def test_the_words_beside_a_clip_are_heard_without_it(desk: Any) -> None:
    assert await desk.faults(SPOKEN) == []


async def test_a_clip_is_heard_where_there_are_ears(desk: Any) -> None:
    faults = (await played(desk, "给幺三九零零幺三八零零零充一百", ears=Ears())).faults
    assert faults == []


async def test_a_clip_heard_otherwise_is_a_fault_that_shows_both(desk: Any) -> None:
    faults = (await played(desk, "我想充值", ears=Ears())).faults
    assert {fault.what for fault in faults} == {"heard_cer", "heard", "asks"}
    assert {fault.came for fault in faults} >= {"我想充值"}
    assert "充一百，" not in faults[0].came


async def test_a_clip_may_be_heard_a_little_otherwise(desk: Any) -> None:
    said = "那给幺三九零零幺三八零零零充一百"
    assert (await played(desk, said, ears=Ears())).faults == []


async def test_a_clip_that_is_not_there_is_told_with_its_line(desk: Any) -> None:
    (run,) = runs_of([desk.write(SPOKEN)])
    with pytest.raises(TranscriptError, match=r"talk.yaml:6: voice: there is no clip .*opener"):
        await play(run, replace(desk.troupe, ears=Ears()))


async def test_words_may_be_heard_badly(desk: Any) -> None:
    faults = await desk.faults("""\
steps:
  - voice: a.amr
    heard: 给幺三九零零幺三八零零零充一百
    confidence: 0.5
    expect: {repair: read_back, reply: 139 0013 8000, task: none, buttons: [对, 不对]}
  - voice: b.amr
    heard: 对
    expect: {task: topup, asks: confirm, slots: {phone: "13900138000"}, effects_delta: none}
  - voice: c.amr
    heard: 确认
    confidence: 0.5
    expect: {reject: unsure, asks: confirm, effects_delta: none}
  - click: {label: 确认}
    expect: {done: topup, image: receipt}
effects: [telecom.top_up]
""")
    assert faults == []


async def test_no_words_are_silence(desk: Any) -> None:
    silent = 'steps: [{voice: a, heard: "", expect: {reject: silent}}]\n'
    assert await desk.faults(silent) == []


async def test_a_voice_that_is_delivered_again_gets_the_same_answer(desk: Any) -> None:
    again = "  - redeliver: last\n    expect: {reply: same}\n"
    assert await desk.faults(SPOKEN + again) == []


def test_playing_clips_without_a_model_says_so_in_one_line(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANLI_SPEECH_MODEL", str(desk.file.parent / "gone"))
    outcome = CliRunner().invoke(app, ["replay", "--voice", "real", str(desk.write(SPOKEN))])
    assert outcome.exit_code == 1
    assert outcome.stderr.startswith("banli replay: no model of speech in ")
    assert outcome.stderr.count("\n") == 1
