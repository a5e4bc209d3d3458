"""What the WeChat channel raises."""

from __future__ import annotations

import re

_RID = re.compile(r"\brid: ?([\w-]+)")


class WechatError(Exception):
    """Base of what this package raises.

    WechatError
    ├── CryptoError            a request or key that proves nothing
    │   ├── InvalidKey         not an EncodingAESKey
    │   ├── BadSignature       missing, wrong or stale signature
    │   ├── Undecryptable      base64, block length, padding or length field is wrong
    │   └── WrongAppId         decrypted, but meant for another account
    ├── BadMenu                a menu that the platform or the scripts do not allow
    ├── Malformed              the XML is broken, refused, or lacks a field
    └── ApiError               a call to the platform failed
        ├── ApiRefused         answered with a return code other than 0
        └── ApiUnreachable     no usable answer
    """


class CryptoError(WechatError):
    """Base of signature and encryption errors."""


class InvalidKey(CryptoError):
    """An EncodingAESKey that is not 43 characters of base64."""


class BadSignature(CryptoError):
    """A signature that is missing, wrong, or of another time."""


class Undecryptable(CryptoError):
    """A ciphertext that no key of the account opens."""


class WrongAppId(CryptoError):
    """A message that decrypts, but carries the AppID of another account."""


class Malformed(WechatError):
    """A body that is not a message of the protocol."""


class BadMenu(WechatError):
    """A menu that the platform would refuse, or that starts what no script is about."""


class ApiError(WechatError):
    """Base of failed calls to the platform."""


class ApiRefused(ApiError):
    """The platform answered with a return code; ``code`` is its ``errcode``.

    ``rid`` is the platform's number of the request, which its support asks for; it may be empty.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        found = _RID.search(message)
        self.rid = found[1] if found else ""


class ApiUnreachable(ApiError):
    """The platform gave no usable answer."""
