"""What goes through the pipes of a worker: uploads in, answers out, each after its length."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import BinaryIO

import msgspec

from engine.speech.audio.sound import Sound
from engine.speech.errors import BadUpload, Damaged, NotAudio, Silent, TooLong, TooShort

LENGTH = struct.Struct("<I")

#: What a worker says once, when it is ready for uploads.
READY = b"ready"

#: The errors that cross the pipe; their facts are their attributes.
_ERRORS: dict[str, Callable[..., BadUpload]] = {
    error.__name__: error for error in (NotAudio, Damaged, TooLong, TooShort, Silent)
}


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """An error on its way out of the worker."""

    error: str
    facts: dict[str, str | int | float]


def framed(message: bytes) -> bytes:
    return LENGTH.pack(len(message)) + message


def receive(pipe: BinaryIO) -> bytes | None:
    """The next message, or None at the end."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return pipe.read(*LENGTH.unpack(head))


def packed(answer: Sound | BadUpload) -> bytes:
    if isinstance(answer, BadUpload):
        return msgspec.msgpack.encode(Refusal(type(answer).__name__, vars(answer)))
    return msgspec.msgpack.encode(answer)


def unpacked(message: bytes) -> Sound | BadUpload:
    """The answer in a message; what a worker that lost its mind may say is a `Damaged` too."""
    try:
        answer = msgspec.msgpack.decode(message, type=Sound | Refusal)
        return _ERRORS[answer.error](**answer.facts) if isinstance(answer, Refusal) else answer
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        return Damaged(reason=f"the decoding process answered nonsense: {error}")
