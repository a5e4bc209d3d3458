"""What can be wrong with a request of another program, beside what is wrong on any channel."""

from __future__ import annotations

from engine.channels.errors import Problem


class BadBody(Problem):
    """It is no JSON, or not of a message's form."""


class BadKey(Problem):
    """There is no key, or nobody has it."""

    status = 401
    title = "Unknown key"


class UnknownMessage(Problem):
    """Nothing was asked under this id."""

    status = 404
    title = "Unknown message"
