"""The pool: shared, bounded, closed in order, and never worse for what was uploaded."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from engine.speech.audio.decoder import Decoder
from engine.speech.audio.sound import Limits, Sound
from engine.speech.errors import Busy, NotAudio, NotWorking, TooBig, TooLong
from tests.speech.clips import FORMATS, clip

OBEDIENT = (sys.executable, str(Path(__file__).with_name("obedient.py")))


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def test_many_uploads_at_once_each_get_their_own_sound(decoder: Decoder) -> None:
    names = [*FORMATS, *reversed(FORMATS)]
    sounds = await asyncio.gather(*(decoder.decode(clip(name)) for name in names))
    assert [sound.format for sound in sounds] == names
    assert len(decoder.pids) == 2


async def test_a_process_serves_one_upload_after_the_other(decoder: Decoder) -> None:
    before = decoder.pids
    for name in FORMATS:
        await decoder.decode(clip(name))
    assert decoder.pids == before


async def test_an_error_of_the_worker_comes_with_its_facts(decoder: Decoder) -> None:
    with pytest.raises(NotAudio) as caught:
        await decoder.decode(b"#!SILK_V3" + bytes(99))
    assert caught.value.found == "silk"


@pytest.mark.parametrize(
    "bomb",
    [
        b"#!AMR\n" + b"\x7c" * 2_000_000,
        b"#!AMR-WB\n" + b"\x7c" * 2_000_000,
        b"\x02\x04\x00" * 690_000,
    ],
    ids=["amr-nb", "amr-wb", "speex"],
)
async def test_hours_in_a_small_file_cost_no_more_than_a_minute(
    decoder: Decoder, bomb: bytes
) -> None:
    with pytest.raises(TooLong):
        await decoder.decode(bomb)


async def test_too_many_bytes_are_not_looked_at() -> None:
    decoder = Decoder(limits=Limits(upload_bytes=100), program=("/nowhere",))
    with pytest.raises(TooBig) as caught:
        await decoder.decode(bytes(101))
    assert (caught.value.size, caught.value.limit) == (101, 100)


async def test_nothing_is_not_audio() -> None:
    with pytest.raises(NotAudio):
        await Decoder(program=("/nowhere",)).decode(b"")


async def test_a_worker_that_was_killed_while_idle_costs_nobody_anything(
    decoder: Decoder,
) -> None:
    (killed,) = decoder.pids
    os.kill(killed, signal.SIGKILL)
    assert (await decoder.decode(clip("amr-nb"))).format == "amr-nb"
    (pid,) = decoder.pids
    assert pid != killed


async def test_a_process_ends_after_its_lifetime() -> None:
    async with Decoder(program=OBEDIENT, workers=1, lifetime=2) as decoder:
        (first,) = decoder.pids
        await decoder.decode(b"say one")
        assert decoder.pids == [first]
        await decoder.decode(b"say two")
        assert decoder.pids == []
        assert not is_there(first)
        assert (await decoder.decode(b"say three")).samples == b"three"


async def test_a_caller_who_gives_up_takes_the_process_along() -> None:
    async with Decoder(program=OBEDIENT, workers=1, limits=Limits(patience=60)) as decoder:
        before = decoder.pids
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await decoder.decode(b"hang")
        assert decoder.pids == []
        assert not any(map(is_there, before))
        assert (await decoder.decode(b"say hello")).samples == b"hello"


async def test_one_too_many_is_told_to_come_back_later() -> None:
    async with Decoder(program=OBEDIENT, workers=1, most_waiting=1) as decoder:
        answers = await asyncio.gather(
            *(decoder.decode(b"say %d" % number) for number in range(3)), return_exceptions=True
        )
    assert [answer.samples for answer in answers if isinstance(answer, Sound)] == [b"0", b"1"]
    (busy,) = (answer for answer in answers if isinstance(answer, Busy))
    assert busy.waiting == 1


async def test_closing_finishes_what_runs_and_refuses_what_waits() -> None:
    decoder = Decoder(program=OBEDIENT, workers=1)
    running, waiting, _ = await asyncio.gather(
        decoder.decode(b"say last"),
        decoder.decode(b"say never"),
        decoder.close(),
        return_exceptions=True,
    )
    assert isinstance(running, Sound)
    assert isinstance(waiting, Busy)
    assert decoder.pids == []
    with pytest.raises(Busy):
        await decoder.decode(b"say never")


async def test_after_closing_no_process_is_left() -> None:
    async with Decoder() as decoder:
        await asyncio.gather(*(decoder.decode(clip(name)) for name in FORMATS))
        pids = decoder.pids
    assert pids
    assert not any(map(is_there, pids))


@pytest.mark.parametrize(
    "program",
    ["raise SystemExit('no such codec')", "import os; os.write(1, b'\\x05\\0\\0\\0hello')"],
)
async def test_an_installation_that_is_broken_says_so(program: str) -> None:
    with pytest.raises(NotWorking):
        async with Decoder(program=(sys.executable, "-c", program)):
            pass


async def test_a_program_that_is_not_there_is_a_broken_installation_too() -> None:
    with pytest.raises(NotWorking):
        async with Decoder(program=("/nowhere/python",)):
            pass
