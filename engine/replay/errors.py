"""What the replay room raises."""

from __future__ import annotations


class ReplayError(Exception):
    """Base of what the replay room raises.

    ReplayError
    ├── TranscriptError   a transcript that cannot be played; every problem with file and line
    └── NotShown          a step taps a button that the customer was never shown
    """


class TranscriptError(ReplayError):
    """A transcript that cannot be played; ``place`` says where, before file and line are known."""

    def __init__(self, message: str, *, place: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.place = place


class NotShown(ReplayError):
    """A step taps a button that the customer was never shown."""
