"""What a gateway posts, and what is posted to it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from engine.channels.sms.account import SmsAccount
from engine.channels.sms.errors import BadForm, Forged

#: Characters of a message; ten segments of the phone network have fewer.
MOST = 2000
_ID = re.compile(r"[!-~]{1,128}")
_PHONE = re.compile(r"\+?[0-9]{3,20}")
_SLOT = re.compile(r"\{(to|text|id|secret)\}")


class Message(msgspec.Struct, frozen=True):
    """One message of one customer; ``id`` is the gateway's, equal for all its tries."""

    id: str
    customer: str
    text: str

    @property
    def digest(self) -> str:
        """Equal for equal messages."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


def verify(account: SmsAccount, proof: str, body: bytes) -> None:
    """Raises `Forged` unless the head's proof is the account's."""
    expected = account.secret
    if account.check == "hmac":
        expected = hmac.new(account.secret.encode(), body, hashlib.sha256).hexdigest()
        proof = proof.removeprefix("sha256=").lower()
    if not hmac.compare_digest(expected.encode(), proof.encode(errors="replace")):
        raise Forged(f"the header {account.header} is not right")


def read(account: SmsAccount, kind: str, body: bytes) -> Message:
    """The message of a body that is JSON or a form, as ``kind`` says. Raises `BadForm`."""
    try:
        values = _json(body) if "json" in kind else _form(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError):
        raise BadForm("the body is neither a JSON object nor a form") from None
    names = account.fields_in
    message = Message(
        _value(values, names.id), _phone(_value(values, names.sender)), _value(values, names.text)
    )
    if not _ID.fullmatch(message.id):
        raise BadForm(f"{names.id} is no id")
    if not _PHONE.fullmatch(message.customer):
        raise BadForm(f"{names.sender} is no number")
    if not 1 <= len(message.text) <= MOST:
        raise BadForm(f"{names.text} is empty or too long")
    return message


def filled(account: SmsAccount, *, to: str, text: str, id: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of the call that sends a message."""
    slots = {"to": to, "text": text, "id": id, "secret": account.send_secret}
    send = account.send
    body = _fill(send.body, slots)
    kind = "application/x-www-form-urlencoded" if send.form else "application/json"
    data = urlencode(body).encode() if send.form else msgspec.json.encode(body)
    # A line end of a text would end its header.
    return {"Content-Type": kind, **_fill(send.headers, {**slots, "text": ""})}, data


def _form(body: bytes) -> dict[str, Any]:
    return dict(parse_qsl(body.decode(), max_num_fields=99))


def _json(body: bytes) -> dict[str, Any]:
    values = msgspec.json.decode(body)
    if not isinstance(values, dict):
        raise ValueError("no object")
    return values


def _value(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadForm(f"{name} is missing or no text")
    return str(value)


def _phone(told: str) -> str:
    return re.sub(r"[ ()-]", "", told)


def _fill(value: Any, slots: Mapping[str, str]) -> Any:
    """A template with its slots filled, once: what a slot holds is never a template."""
    if isinstance(value, str):
        return _SLOT.sub(lambda slot: slots[slot[1]], value)
    if isinstance(value, dict):
        return {name: _fill(each, slots) for name, each in value.items()}
    if isinstance(value, list):
        return [_fill(each, slots) for each in value]
    return value
