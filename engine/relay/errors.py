"""What the relay raises."""

from __future__ import annotations


class RelayError(Exception):
    """Base of what the relay raises.

    RelayError          the relay cannot start or go on; the message says what to do
    ├── BadAccount      an account file is wrong; names the file and the key
    ├── Unverified      a provider did not echo the verification request
    ├── BadAnswer       a provider's answer that the platform does not accept
    ├── BadPicture      a picture that cannot or must not be fetched
    ├── Refused         a terminal asked for what it may not do; shown to the customer
    └── ApiError        a provider's API call that is refused, with the platform's code
    """


class BadAccount(RelayError):
    """An account file is wrong; the message names the file, the key and the fault."""


class Unverified(RelayError):
    """A provider did not answer the verification request with the echo."""


class BadAnswer(RelayError):
    """A provider's answer that the platform refuses; customers see the out-of-order notice."""


class BadPicture(RelayError):
    """A picture that cannot be fetched, or must not be."""


class Refused(RelayError):
    """A terminal asked for what it may not do. The message is for customers, `status` for HTTP."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class ApiError(RelayError):
    """A refused API call. `code` is the platform's return code, `message` its `errmsg`."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message
