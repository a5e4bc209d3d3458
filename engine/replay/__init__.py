"""Playing recorded conversations through the real engine: frozen clock, real rules, real database.

`docs/replay.md` teaches the transcript format.
"""

from __future__ import annotations

from engine.replay.errors import ReplayError, TranscriptError
from engine.replay.reading import find, read
from engine.replay.running import Played, Run, play, runs_of
from engine.replay.troupe import assemble

__all__ = [
    "Played",
    "ReplayError",
    "Run",
    "TranscriptError",
    "assemble",
    "find",
    "play",
    "read",
    "runs_of",
]
