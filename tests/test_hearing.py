"""Listening to a voice message: which recording, what came of it, and why nothing did."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from engine.hearing import answering, listen
from engine.message import Inbound, Kind
from engine.speech import errors
from engine.speech.audio.sound import Sound
from engine.speech.ears import Ears
from engine.speech.expected import Expected
from engine.speech.heard import Heard

HEARD = Heard(text="充五十", confidence=0.9)
EXPECTED = Expected(frozenset({"money"}))


@dataclass
class Listener:
    """Hears what a test put there for the bytes of an upload."""

    known: dict[bytes, Heard | Exception]
    heard: list[tuple[bytes, Expected]] = field(default_factory=list)

    async def hear(self, upload: bytes, expected: Expected = EXPECTED) -> Heard:
        self.heard.append((upload, expected))
        found = self.known[upload]
        if isinstance(found, Exception):
            raise found
        return found


async def fetch(media_id: str) -> bytes:
    """The id itself is the recording; one that is gone is none."""
    if media_id == "gone":
        raise errors.NotFetched("40007 invalid media_id")
    return media_id.encode()


def spoken(media_id: str = "8k", media_id_16k: str = "", text: str = "") -> Inbound:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    ids = {"media_id": media_id, "media_id_16k": media_id_16k}
    return Inbound(account="a", openid="o", key="k", at=at, kind=Kind.VOICE, text=text, **ids)


async def came(inbound: Inbound, ears: Any, **more: Any) -> Any:
    given = {"fetch": fetch, "platform": 0.6, **more}
    return await listen(inbound, EXPECTED, ears=ears, **given)


async def test_a_recording_is_heard_with_what_is_expected() -> None:
    ears = Listener({b"8k": HEARD})
    assert (await came(spoken(), ears)).heard == HEARD
    assert ears.heard == [(b"8k", EXPECTED)]


async def test_the_recording_at_16_khz_is_the_one_that_is_heard() -> None:
    ears = Listener({b"8k": HEARD, b"16k": HEARD})
    await came(spoken("8k", "16k"), ears)
    assert [upload for upload, _ in ears.heard] == [b"16k"]


@pytest.mark.parametrize(
    "error", [errors.NotAudio(found="SILK"), errors.Damaged(reason="Speex of another kind")]
)
async def test_the_other_recording_stands_in_for_one_that_cannot_be_played(
    error: Exception,
) -> None:
    ears = Listener({b"8k": HEARD, b"16k": error})
    assert (await came(spoken("8k", "16k"), ears)).heard == HEARD


async def test_the_other_recording_stands_in_for_one_that_is_gone() -> None:
    assert (await came(spoken("8k", "gone"), Listener({b"8k": HEARD}))).heard == HEARD


@pytest.mark.parametrize(
    ("error", "trouble", "facts"),
    [
        (errors.NotAudio(found="PNG"), "not_audio", {"found": "PNG"}),
        (errors.Damaged(reason="x"), "damaged", {"reason": "x"}),
        (errors.TooBig(size=9, limit=8), "too_big", {"size": 9, "limit": 8}),
        (errors.TooLong(limit=60.0), "too_long", {"limit": 60.0}),
        (errors.TooShort(seconds=0.1, limit=0.2), "too_short", {"seconds": 0.1, "limit": 0.2}),
        (errors.Silent(seconds=2.0), "silent", {"seconds": 2.0}),
        (errors.TooSlow(limit=4.0), "too_slow", {"limit": 4.0}),
        (errors.Unheard(seconds=2.0), "unheard", {"seconds": 2.0}),
        (errors.Busy(waiting=32), "busy", {"waiting": 32}),
        (errors.NotWorking(), "not_working", {}),
    ],
)
async def test_every_error_is_a_trouble_with_its_facts(
    error: Exception, trouble: str, facts: dict[str, Any]
) -> None:
    voice = await came(spoken(), Listener({b"8k": error}))
    assert (voice.heard, voice.trouble, dict(voice.facts)) == (None, trouble, facts)


@pytest.mark.parametrize("error", [errors.Silent(seconds=1.0), errors.Busy(waiting=1)])
async def test_what_is_no_matter_of_the_recording_is_not_tried_with_the_other(
    error: Exception,
) -> None:
    ears = Listener({b"8k": HEARD, b"16k": error})
    assert (await came(spoken("8k", "16k"), ears)).heard is None


async def test_a_recording_that_is_gone_is_a_trouble() -> None:
    assert (await came(spoken("gone"), Listener({}))).trouble == "not_fetched"


async def test_a_fault_of_the_ears_is_a_trouble_and_no_crash() -> None:
    assert (await came(spoken(), Listener({b"8k": ZeroDivisionError()}))).trouble == "failed"


async def test_no_ears_are_a_trouble() -> None:
    assert (await came(spoken(), None)).trouble == "no_ears"


async def test_hearing_that_does_not_end_is_given_up() -> None:
    async def never(media_id: str) -> bytes:
        await asyncio.Event().wait()
        raise AssertionError

    voice = await came(spoken(), Listener({}), fetch=never, patience=0)
    assert voice.trouble == "too_slow"


@pytest.mark.parametrize("ears", [None, Listener({b"8k": errors.Busy(waiting=1)})])
async def test_what_the_platform_heard_stands_in_where_nothing_was_heard_here(ears: Any) -> None:
    voice = await came(spoken(text=" 充一百 "), ears)
    assert voice.heard == Heard(text="充一百", confidence=0.6)


async def test_what_was_heard_here_goes_before_what_the_platform_heard() -> None:
    assert (await came(spoken(text="冲一百"), Listener({b"8k": HEARD}))).heard == HEARD


@dataclass
class Decoder:
    async def decode(self, upload: bytes) -> Sound:
        return Sound(bytes(32_000), "amr-nb")


@dataclass
class Recognizer:
    patience: float = 0.0

    async def hear(
        self, sound: Sound, expected: Expected = EXPECTED, *, patience: float = 4.0
    ) -> Heard:
        self.patience = patience
        return HEARD if expected is EXPECTED and sound.format == "amr-nb" else Heard()


async def test_ears_decode_then_recognize_and_log_how_it_went_but_not_what_was_said() -> None:
    ears = Ears(Decoder(), Recognizer())
    with structlog.testing.capture_logs() as logged:
        assert (await came(spoken(), ears)).heard == HEARD
    entry = next(entry for entry in logged if entry["event"] == "heard")
    assert {"decode_ms", "hear_ms"} <= entry.keys()
    assert (entry["format"], entry["seconds"], entry["confidence"]) == ("amr-nb", 1.0, 0.9)
    assert any("fetch_ms" in entry for entry in logged)
    assert HEARD.text not in repr(logged)


async def test_ears_have_the_patience_that_they_were_given() -> None:
    recognizer = Recognizer()
    await came(spoken(), Ears(Decoder(), recognizer, patience=10.0))
    assert recognizer.patience == 10.0


OTHERS = tuple(Heard(text=text, confidence=0.2) for text in ("充武士", "充五十", "充五十块"))


def test_of_texts_nearly_as_likely_the_first_with_a_value_is_taken_as_sure_as_it_was() -> None:
    heard = Heard(text="从无时", confidence=0.3, others=OTHERS)
    assert answering(heard, lambda text: "五十" in text) is OTHERS[1]


@pytest.mark.parametrize("held", ["从无时", "没有"])
def test_what_was_heard_stays_where_it_has_a_value_or_nothing_has(held: str) -> None:
    heard = Heard(text="从无时", confidence=0.3, others=OTHERS)
    assert answering(heard, lambda text: text == held) is heard
