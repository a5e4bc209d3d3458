"""What the store raises."""

from __future__ import annotations


class StoreError(Exception):
    """Base of what the store raises.

    StoreError            the database cannot be opened, or its schema is not ours
    ├── Conflict          another turn of this customer was first; run this one again
    └── AlreadyAnswered   the message has its answer; send that one again
    """


class Conflict(StoreError):
    """What this transaction stands on has changed; undo it and run the turn again."""


class AlreadyAnswered(StoreError):
    """The inbox holds an answer for this message already."""

    def __init__(self, key: str) -> None:
        super().__init__(f"message {key} has been answered")
        self.key = key
