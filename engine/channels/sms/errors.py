"""What can be wrong with a request of a gateway, beside what is wrong on any channel."""

from __future__ import annotations

from engine.channels.errors import Problem


class UnknownNumber(Problem):
    """No account has this name."""

    status = 404


class Forged(Problem):
    """It does not carry the secret, or is not signed with it."""

    status = 401


class BadForm(Problem):
    """A field is missing, or is not of its form."""


class InWork(Problem):
    """There is no answer yet: the gateway has to send it again."""

    status = 503
