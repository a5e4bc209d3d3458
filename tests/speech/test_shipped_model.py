"""The recognizer with the model that is shipped, and recordings of voices it never heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine import assets
from engine.speech.audio.decoder import Decoder
from engine.speech.audio.sound import Sound
from engine.speech.errors import TooSlow, Unheard
from engine.speech.expected import Expected
from engine.speech.hearing.vosk import VoskEngine
from engine.speech.recognizer import Recognizer

VOICES = Path(__file__).with_name("voices")
PHONE = Expected(frozenset({"phone"}))

#: Nothing is said here about speed.
PATIENCE = 60.0


@pytest.fixture(scope="module")
def engine() -> VoskEngine:
    return VoskEngine.load(assets.models() / "speech" / "zh-banli")


@pytest.fixture
async def recognizer(engine: VoskEngine) -> AsyncIterator[Recognizer]:
    async with Recognizer(engine) as opened:
        yield opened


async def sound(decoder: Decoder, name: str) -> Sound:
    return await decoder.decode((VOICES / name).read_bytes())


async def test_a_phone_number_is_heard_as_it_would_be_typed(
    recognizer: Recognizer, decoder: Decoder
) -> None:
    said = await sound(decoder, "phone-2.amr")
    heard = await recognizer.hear(said, PHONE, patience=PATIENCE)
    assert heard.text == "幺三三幺二三四五六七八"
    assert heard.in_context
    assert [word.text for word in heard.words] == list(heard.text)
    assert all(word.start < word.end <= said.seconds for word in heard.words)


async def test_a_digression_is_heard_where_a_phone_number_is_expected(
    recognizer: Recognizer, decoder: Decoder
) -> None:
    said = await sound(decoder, "date-1.amr")
    heard = await recognizer.hear(said, PHONE, patience=PATIENCE)
    assert (heard.text, heard.in_context) == ("大后天", False)


async def test_a_stream_ends_with_what_the_whole_sound_says(
    recognizer: Recognizer, decoder: Decoder
) -> None:
    said = await sound(decoder, "phone-2.amr")
    whole = await recognizer.hear(said, PHONE, patience=PATIENCE)
    partial = ""
    async with recognizer.stream(PHONE, patience=PATIENCE) as stream:
        for at in range(0, len(said.samples), 8000):
            partial = await stream.feed(said.samples[at : at + 8000])
        assert partial.startswith("幺三三")
        assert (await stream.finish()).text == whole.text


async def test_sounds_heard_at_once_do_not_disturb_each_other(
    recognizer: Recognizer, decoder: Decoder
) -> None:
    said = [await sound(decoder, name) for name in ("phone-2.amr", "date-1.amr") * 3]
    expected = [PHONE, Expected(frozenset({"date"}))] * 3
    alone = [
        (await recognizer.hear(*each, patience=PATIENCE)).text
        for each in zip(said[:2], expected[:2], strict=True)
    ]
    together = await asyncio.gather(
        *(recognizer.hear(*each, patience=PATIENCE) for each in zip(said, expected, strict=True))
    )
    assert [heard.text for heard in together] == alone * 3


async def test_silence_is_unheard(recognizer: Recognizer) -> None:
    with pytest.raises(Unheard):
        await recognizer.hear(Sound(bytes(32_000), "wav"), PHONE, patience=PATIENCE)


async def test_a_minute_is_given_up_when_nobody_waits(
    recognizer: Recognizer, decoder: Decoder
) -> None:
    said = await sound(decoder, "phone-2.amr")
    minute = Sound((said.samples * 30)[: 60 * 32_000], "wav")
    with pytest.raises(TooSlow):
        await recognizer.hear(minute, patience=0.01)
    assert (await recognizer.hear(said, PHONE, patience=PATIENCE)).text


@pytest.mark.parametrize("kind", ["phone", "money", "date", "time", "seat", "flight_no", "city"])
async def test_no_grammar_has_a_word_that_the_model_lacks(
    recognizer: Recognizer, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    expected = Expected(frozenset({kind}), ("张喆", "CA1234 北京→上海"))
    async with recognizer.stream(expected, patience=PATIENCE) as stream:
        await stream.feed(bytes(3200))
    assert "missing" not in capfd.readouterr().err
