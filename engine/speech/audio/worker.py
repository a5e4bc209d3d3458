"""The process that decodes: started by `process`, killed when it hangs, with nothing to lose.

It holds no secret (its environment is empty), and before it sees an upload it gives up what
decoding does not need: new files and sockets, writing to files, most memory.
"""

from __future__ import annotations

import gc
import resource
import signal
import sys
from collections.abc import Callable

import msgspec

from engine.speech.audio import wire
from engine.speech.audio.sound import Limits, Sound
from engine.speech.errors import BadUpload

#: Bytes of address space: 130 MB are the interpreter and FFmpeg, a minute of sound takes 10 MB.
MEMORY = 512 * 1024 * 1024

Decode = Callable[[bytes, Limits], Sound]


def main() -> None:
    """Serve with FFmpeg; the limits are the only argument, as JSON."""
    from engine.speech.audio.decoding import decode, rehearse

    limits = msgspec.json.decode(sys.argv[1], type=Limits)
    rehearse(limits)
    serve(decode, limits)


def serve(decode: Decode, limits: Limits) -> None:
    """Answer the uploads from standard input on standard output until there are no more."""
    give_up_rights()
    _send(wire.READY)
    while (upload := wire.receive(sys.stdin.buffer)) is not None:
        # Whoever started us kills us in time. Should it die first, nobody would.
        signal.setitimer(signal.ITIMER_REAL, 2 * limits.patience)
        _send(wire.packed(_answer(decode, upload, limits)))
        # An error and what it was raised from hold each other, and with them FFmpeg's memory.
        gc.collect()
        signal.setitimer(signal.ITIMER_REAL, 0)


def give_up_rights() -> None:
    """Never again open anything, write to a file, leave a core dump or take much memory."""
    for kind, limit in (
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, MEMORY),
    ):
        resource.setrlimit(kind, (limit, limit))


def _answer(decode: Decode, upload: bytes, limits: Limits) -> Sound | BadUpload:
    try:
        return decode(upload, limits)
    except BadUpload as error:
        return error


def _send(message: bytes) -> None:
    sys.stdout.buffer.write(wire.framed(message))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
