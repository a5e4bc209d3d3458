"""What can be wrong with a request of another program."""

from __future__ import annotations


class ApiProblem(Exception):
    """Base of what is wrong with a request.

    ApiProblem
    ├── BadBody        it is no JSON, or not of a message's form
    ├── BadKey         there is no key, or nobody has it
    ├── UnknownMessage nothing was asked under this id
    ├── Reused         another message came under this id before
    └── TooFast        the customer, or all of the account, writes too fast
    """

    status = 400
    title = "Bad request"


class BadBody(ApiProblem):
    """It is no JSON, or not of a message's form."""


class BadKey(ApiProblem):
    """There is no key, or nobody has it."""

    status = 401
    title = "Unknown key"


class UnknownMessage(ApiProblem):
    """Nothing was asked under this id."""

    status = 404
    title = "Unknown message"


class Reused(ApiProblem):
    """Another message came under this id before."""

    status = 422
    title = "Id used for another message"


class TooFast(ApiProblem):
    """The customer, or all of the account, writes too fast."""

    status = 429
    title = "Too fast"
