"""What the desk raises."""

from __future__ import annotations


class DeskError(Exception):
    """Base of what the desk refuses; its text is for the clerk.

    DeskError
    ├── NotWaiting    the customer is not in the queue (any more)
    ├── NotYours      another clerk has the customer, or nobody yet
    ├── NotSignedIn   wrong name or password, or no valid cookie
    ├── Locked        too many wrong passwords
    ├── BadPhrase     words that cannot be learned as asked
    └── BadAccount    a name or a password that cannot be
    """


class NotWaiting(DeskError):
    """The customer is not in the queue (any more)."""


class NotYours(DeskError):
    """Another clerk has the customer, or nobody yet."""


class NotSignedIn(DeskError):
    """The name or the password is wrong, or there is no valid cookie."""


class Locked(DeskError):
    """Too many wrong passwords in a row."""


class BadPhrase(DeskError):
    """Words that cannot be learned as asked."""


class BadAccount(DeskError):
    """A name or a password that cannot be."""
