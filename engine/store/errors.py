"""What the store raises."""

from __future__ import annotations


class StoreError(Exception):
    """Base of what the store raises.

    StoreError            the database cannot be opened, or its schema is not ours
    ├── Conflict          another turn of this customer was first; run this one again
    ├── AlreadyAnswered   the message has its answer; send that one again
    └── Unreadable        a value is sealed with a key that is not in the ring, or damaged
    """


class Conflict(StoreError):
    """What this transaction stands on has changed; undo it and run the turn again."""


class AlreadyAnswered(StoreError):
    """The inbox holds an answer for this message already."""

    def __init__(self, key: str) -> None:
        super().__init__(f"message {key} has been answered")
        self.key = key


class Unreadable(StoreError):
    """A value in ``place`` (``table.column``) is sealed with a key we lack, or was changed."""

    def __init__(self, place: str, key: str, *, is_damaged: bool = False) -> None:
        fault = (
            "is damaged"
            if is_damaged
            else "cannot be read: the ring lacks the key (BANLI_STORE_KEYS)"
        )
        super().__init__(f"{place}: what key {key} sealed {fault}")
        self.place = place
        self.key = key
