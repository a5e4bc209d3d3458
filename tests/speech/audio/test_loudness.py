"""A quiet voice is heard; clicks and hiss are not."""

from __future__ import annotations

import pytest

from engine.speech.audio.loudness import is_silent
from engine.speech.audio.sound import RATE
from tests.speech.clips import hiss, tone

QUIET = bytes(2 * RATE)


@pytest.mark.parametrize(
    "samples", [tone(level=-40), hiss(1, level=-45), QUIET + tone(0.2, level=-30) + QUIET]
)
def test_a_quiet_voice_is_heard(samples: bytes) -> None:
    assert not is_silent(samples)


@pytest.mark.parametrize("samples", [b"", QUIET, tone(level=-50), hiss(1, level=-52)])
def test_what_lies_below_the_threshold_is_silent(samples: bytes) -> None:
    assert is_silent(samples)


def test_a_click_is_no_voice_however_loud() -> None:
    assert is_silent(QUIET + tone(0.05, level=0) + QUIET)


def test_clicks_add_up_to_a_voice_at_a_tenth_of_a_second() -> None:
    click = tone(0.02, level=-6)
    pause = bytes(len(click))
    assert is_silent((click + pause) * 4)
    assert not is_silent((click + pause) * 5)
