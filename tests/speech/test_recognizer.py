"""The recognizer as the rest of the program sees it."""

from __future__ import annotations

import asyncio
import threading

import pytest

from engine.speech.audio.sound import Sound
from engine.speech.errors import Busy, TooSlow, Unheard
from engine.speech.expected import Expected
from engine.speech.recognizer import Recognizer
from tests.speech.hearing.scripted import Scripted, said

SOUND = Sound(bytes(64_000), "wav")
YES_NO = Expected(frozenset({"yes_no"}))


async def test_a_sound_becomes_text() -> None:
    async with Recognizer(Scripted(said("充 五 十"))) as recognizer:
        assert (await recognizer.hear(SOUND)).text == "充五十"


async def test_the_words_expected_make_the_grammar() -> None:
    engine = Scripted(context=[said("好 的")])
    async with Recognizer(engine) as recognizer:
        heard = await recognizer.hear(SOUND, YES_NO)
    assert heard.in_context
    assert "好 的" in engine.grammars[0]


async def test_several_sounds_are_heard_at_once() -> None:
    both = threading.Barrier(2)
    engine = Scripted(said("好"), at_chunk=both.wait)
    async with Recognizer(engine, workers=2) as recognizer:
        heard = await asyncio.gather(recognizer.hear(SOUND), recognizer.hear(SOUND))
    assert [each.text for each in heard] == ["好", "好"]


async def test_hearing_that_takes_too_long_ends_at_the_next_chunk() -> None:
    slow = threading.Event()
    engine = Scripted(said("好"), at_chunk=slow.wait)
    async with Recognizer(engine, workers=1) as recognizer:
        with pytest.raises(TooSlow):
            await recognizer.hear(SOUND, patience=0.05)
        slow.set()
        engine.at_chunk = lambda: None
        await recognizer.hear(SOUND)
    assert len(engine.chunks) == 1 + 4


async def test_a_closed_recognizer_is_busy() -> None:
    async with Recognizer(Scripted(said("好"))) as recognizer:
        pass
    with pytest.raises(Busy):
        await recognizer.hear(SOUND)


async def test_a_stream_tells_the_text_so_far_and_then_all_of_it() -> None:
    async with (
        Recognizer(Scripted(said("我 要 充 值"))) as recognizer,
        recognizer.stream() as stream,
    ):
        assert [await stream.feed(bytes(3200)) for _ in range(3)] == ["我", "我要", "我要充"]
        assert (await stream.finish()).text == "我要充值"


async def test_a_stream_without_words_is_unheard_and_gives_its_place_back() -> None:
    async with Recognizer(Scripted(), most_streams=1) as recognizer:
        with pytest.raises(Unheard):
            await recognizer.stream().finish()
        recognizer.stream().close()


async def test_more_streams_than_may_be_open_are_refused() -> None:
    async with Recognizer(Scripted(), most_streams=1) as recognizer:
        first = recognizer.stream()
        with pytest.raises(Busy):
            recognizer.stream()
        first.close()
        first.close()
        recognizer.stream().close()


async def test_a_stream_that_was_cut_off_hears_no_more() -> None:
    slow = threading.Event()
    engine = Scripted(said("好"), at_chunk=slow.wait)
    async with Recognizer(engine) as recognizer, recognizer.stream(patience=0.01) as stream:
        with pytest.raises(TooSlow):
            await stream.feed(bytes(3200))
        slow.set()
        with pytest.raises(Busy):
            await stream.finish()
