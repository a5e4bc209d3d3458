"""What a decoding process may do, whatever an upload makes it try."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from engine.speech.audio import wire
from engine.speech.audio.decoder import Decoder
from engine.speech.audio.sound import Limits, Sound
from engine.speech.errors import Damaged, TooSlow

OBEDIENT = (sys.executable, str(Path(__file__).with_name("obedient.py")))


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (f"read {__file__}", "OSError"),
        ("connect", "OSError"),
        ("write something", "OSError"),
        ("eat 600000000", "MemoryError"),
    ],
)
async def test_it_opens_nothing_writes_nothing_and_stays_small(command: str, error: str) -> None:
    async with Decoder(program=OBEDIENT) as decoder:
        sound = await decoder.decode(command.encode())
        assert (sound.format, sound.samples.decode()) == ("refused", error)
        assert (await decoder.decode(b"say so")).samples == b"so"


async def test_it_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANLI_SECRET", "a secret")
    async with Decoder(program=OBEDIENT) as decoder:
        names = (await decoder.decode(b"environment")).samples.decode()
    assert "PYTHONPATH" in names
    assert "BANLI" not in names


async def test_one_that_hangs_is_killed_and_the_next_upload_is_heard() -> None:
    limits = Limits(patience=0.2)
    async with Decoder(program=OBEDIENT, limits=limits) as decoder:
        with pytest.raises(TooSlow) as caught:
            await decoder.decode(b"hang")
        assert caught.value.limit == 0.2
        assert (await decoder.decode(b"say hello")).samples == b"hello"


@pytest.mark.parametrize(
    "command",
    [f"kill {signal.SIGSEGV}", f"kill {signal.SIGKILL}", "leave nothing-behind", "babble"],
    ids=lambda command: command.split()[0],
)
async def test_one_that_dies_is_replaced_and_the_next_upload_is_heard(command: str) -> None:
    async with Decoder(program=OBEDIENT) as decoder:
        with pytest.raises(Damaged):
            await decoder.decode(command.encode())
        assert (await decoder.decode(b"say hello")).samples == b"hello"


def alone(upload: bytes, limits: Limits) -> subprocess.CompletedProcess[bytes]:
    """A worker that gets one upload, and nobody to kill it."""
    command = [*OBEDIENT, msgspec.json.encode(limits).decode()]
    return subprocess.run(command, input=wire.framed(upload), capture_output=True, check=False)


def test_it_ends_when_there_are_no_more_uploads() -> None:
    done = alone(b"say hello", Limits())
    assert done.returncode == 0
    answer = wire.packed(Sound(b"hello", "said"))
    assert done.stdout == wire.framed(wire.READY) + wire.framed(answer)


def test_one_that_hangs_ends_though_whoever_started_it_is_gone() -> None:
    assert alone(b"hang", Limits(patience=0.05)).returncode == -signal.SIGALRM
