"""Whatever a worker says arrives as it was said, and nonsense arrives as an error."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.speech.audio import wire
from engine.speech.audio.sound import Sound
from engine.speech.errors import BadUpload, Damaged, NotAudio, Silent, TooLong, TooShort


@given(samples=st.binary(), name=st.text())
def test_a_sound_arrives_as_it_was_sent(samples: bytes, name: str) -> None:
    sound = Sound(samples, name)
    assert wire.unpacked(wire.packed(sound)) == sound


@pytest.mark.parametrize(
    "error",
    [
        NotAudio(found="silk"),
        Damaged(reason="a bit fell over"),
        TooLong(limit=60.0),
        TooShort(seconds=0.1, limit=0.2),
        Silent(seconds=3.5),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_arrives_with_its_facts(error: BadUpload) -> None:
    arrived = wire.unpacked(wire.packed(error))
    assert type(arrived) is type(error)
    assert vars(arrived) == vars(error)
    assert str(arrived) == str(error)


@given(message=st.binary())
def test_bytes_that_are_no_answer_are_an_error(message: bytes) -> None:
    assert isinstance(wire.unpacked(message), Damaged)


@pytest.mark.parametrize(
    ("error", "facts"), [("SystemExit", {}), ("TooLong", {}), ("TooLong", {"size": 1})]
)
def test_an_error_that_is_not_ours_is_nonsense(error: str, facts: dict[str, float]) -> None:
    message = wire.msgspec.msgpack.encode(wire.Refusal(error, facts))
    assert isinstance(wire.unpacked(message), Damaged)


@given(messages=st.lists(st.binary(max_size=50)))
def test_messages_come_out_of_the_pipe_one_by_one(messages: list[bytes]) -> None:
    pipe = io.BytesIO(b"".join(map(wire.framed, messages)))
    assert list(iter(lambda: wire.receive(pipe), None)) == messages
