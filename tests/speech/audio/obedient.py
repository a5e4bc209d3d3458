"""A worker that does what the upload says, as no decoder should; started as a program."""

from __future__ import annotations

import os
import signal
import socket
import sys

import msgspec

from engine.speech.audio import worker
from engine.speech.audio.sound import Limits, Sound


def obey(upload: bytes, limits: Limits) -> Sound:
    command, _, rest = upload.decode().partition(" ")
    try:
        return Sound(COMMANDS[command](rest).encode(), "said")
    except (OSError, MemoryError) as error:
        return Sound(type(error).__name__.encode(), "refused")


def hang(rest: str) -> str:
    while True:
        pass


def read(rest: str) -> str:
    with open(rest) as file:
        return file.read()


def connect(rest: str) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        return str(opened.fileno())


def write(rest: str) -> str:
    """Into a file that was open before: standard error can be one."""
    return str(os.write(KEPT, rest.encode()))


def eat(rest: str) -> str:
    return str(len(bytearray(int(rest))))


def kill(rest: str) -> str:
    os.kill(os.getpid(), int(rest))
    return hang(rest)


def leave(rest: str) -> str:
    sys.exit(rest)


def babble(rest: str) -> str:
    os.write(1, b"\xff" * 100)
    return hang(rest)


COMMANDS = {
    "say": str,
    "environment": lambda rest: str(sorted(os.environ)),
    "hang": hang,
    "read": read,
    "connect": connect,
    "write": write,
    "eat": eat,
    "kill": kill,
    "leave": leave,
    "babble": babble,
}

if __name__ == "__main__":
    KEPT = os.memfd_create("kept")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    worker.serve(obey, msgspec.json.decode(sys.argv[1], type=Limits))
