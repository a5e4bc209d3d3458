"""What can be wrong with a request of another program or of a gateway."""

from __future__ import annotations


class Problem(Exception):
    """Base of what is wrong with a request; the message may be told to who sent it.

    Problem
    ├── Reused  another message came under this id before
    ├── TooFast the customer, or all of the account, writes too fast
    ├── Failed  the turn failed and has done nothing
    └── those of each channel
    """

    status = 400
    title = "Bad request"


class Reused(Problem):
    """Another message came under this id before."""

    status = 422
    title = "Id used for another message"


class TooFast(Problem):
    """The customer, or all of the account, writes too fast."""

    status = 429
    title = "Too fast"


class Failed(Problem):
    """The turn failed and has done nothing; the message may be sent again."""

    status = 500
    title = "Failed"
