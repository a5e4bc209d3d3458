"""What can be wrong with a request of a gateway."""

from __future__ import annotations


class SmsProblem(Exception):
    """Base of what is wrong with a request; the message may be told to who sent it.

    SmsProblem
    ├── UnknownNumber no account has this name
    ├── Forged        it does not carry the secret, or is not signed with it
    ├── BadForm       a field is missing, or is not of its form
    ├── Reused        another message came under this id before
    ├── TooFast       the customer, or all of the account, writes too fast
    └── InWork        there is no answer yet: the gateway has to send it again
    """

    status = 400


class UnknownNumber(SmsProblem):
    """No account has this name."""

    status = 404


class Forged(SmsProblem):
    """It does not carry the secret, or is not signed with it."""

    status = 401


class BadForm(SmsProblem):
    """A field is missing, or is not of its form."""


class Reused(SmsProblem):
    """Another message came under this id before."""

    status = 422


class TooFast(SmsProblem):
    """The customer, or all of the account, writes too fast."""

    status = 429


class InWork(SmsProblem):
    """There is no answer yet: the gateway has to send it again."""

    status = 503
