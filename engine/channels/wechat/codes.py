"""What to do about a return code of the platform (its page "global return codes")."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Handling(enum.Enum):
    """What becomes of the call, and of the reply that it should have brought."""

    #: Fetch a new access token and repeat the call, once.
    RENEW = enum.auto()
    #: Passes by itself: repeat after a while that doubles.
    RETRY = enum.auto()
    #: Nothing of this account's goes through until midnight, or until its quota is cleared.
    QUOTA = enum.auto()
    #: Only the customer can open the window again: wait for their next message, never repeat.
    HOLD = enum.auto()
    #: The customer does not want it.
    DROP = enum.auto()
    #: The customer is no follower: drop it, and what comes after it until they write again.
    MARK = enum.auto()
    #: The platform keeps the file no more: upload it again and repeat once.
    UPLOAD = enum.auto()
    #: Too much in one message: say it in smaller or plainer ones.
    SHORTEN = enum.auto()
    #: The account has no right to this: use what it has a right to from now on.
    OFF = enum.auto()
    #: A person must change the account's settings; replies wait for that.
    ALARM = enum.auto()
    #: A mistake in this program: kept for people to look at.
    BUG = enum.auto()
    #: Of no consequence.
    IGNORE = enum.auto()
    #: Not in the table: logged whole and not repeated.
    UNKNOWN = enum.auto()


@dataclass(frozen=True, slots=True)
class Code:
    """One return code: what it means, and what is done about it."""

    meaning: str
    handling: Handling


CODES: Mapping[int, Code] = {
    -1: Code("the platform is busy", Handling.RETRY),
    40001: Code("access token or AppSecret wrong", Handling.RENEW),
    40003: Code("no such openid", Handling.MARK),
    40007: Code("media id invalid or expired", Handling.UPLOAD),
    40013: Code("AppID wrong", Handling.ALARM),
    40014: Code("access token invalid", Handling.RENEW),
    40033: Code("escaped characters in JSON", Handling.BUG),
    40125: Code("AppSecret wrong", Handling.ALARM),
    40164: Code("this server's address is not in the IP white list", Handling.ALARM),
    40200: Code("not for this type of account", Handling.OFF),
    42001: Code("access token expired", Handling.RENEW),
    43004: Code("not a follower", Handling.MARK),
    43101: Code("the customer has not agreed to this notice", Handling.HOLD),
    45002: Code("text too long", Handling.SHORTEN),
    45008: Code("too many articles", Handling.SHORTEN),
    45009: Code("daily quota used up", Handling.QUOTA),
    45011: Code("called too often", Handling.RETRY),
    45015: Code("the customer's window is shut", Handling.HOLD),
    45047: Code("more messages than the customer's window allows", Handling.HOLD),
    45072: Code("no such typing command", Handling.IGNORE),
    45080: Code("typing without a recent message", Handling.IGNORE),
    45081: Code("typing already shown", Handling.IGNORE),
    45098: Code("too many choices in a menu message", Handling.SHORTEN),
    47001: Code("body cannot be parsed", Handling.BUG),
    48001: Code("API not granted to this account", Handling.OFF),
    48002: Code("the customer has switched messages off", Handling.DROP),
    48004: Code("API barred", Handling.ALARM),
    48006: Code("no clearing of quotas left this month", Handling.QUOTA),
    48008: Code("no right to this kind of message", Handling.OFF),
    50002: Code("account barred", Handling.ALARM),
    50005: Code("not a follower", Handling.MARK),
}

_UNKNOWN = Code("unknown", Handling.UNKNOWN)

#: Return codes that blame the access token.
TOKEN_REFUSED = frozenset(code for code, of in CODES.items() if of.handling is Handling.RENEW)


def meaning(code: int) -> Code:
    """What a return code means; an unknown one is unknown."""
    return CODES.get(code, _UNKNOWN)
