"""What the file of a company's number says: how its gateway writes, and how to write to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.business.http import NoSecret, secret_from_environment
from engine.settings import SMS, SettingsError, Told, Url, load_others, pattern

_Name = Annotated[str, pattern(r"\S+", "the name of a field or header")]


class Fields(Told):
    """What the gateway calls a message's own id, its sender and its words."""

    id: _Name = "id"
    sender: _Name = "from"
    text: _Name = "text"


class Send(Told):
    """The gateway's call that sends one message: a POST of JSON, or of a form.

    In values of ``headers`` and ``body``, ``{to}``, ``{text}`` and ``{id}`` are the message's, and
    ``{secret}`` is the account's ``send_secret``, or else BANLI_SECRET_NAME. A header gets no text.
    """

    url: Url
    headers: dict[str, str] = Field(default={})
    body: dict[str, Any] = Field(default={"to": "{to}", "text": "{text}", "id": "{id}"})
    form: bool = False


class SmsAccount(Told):
    """A company as phones reach it by short messages. Secrets are left out of its repr.

    The gateway proves itself in ``header``: by the ``secret`` as such, or, with ``check`` hmac, by
    the hexadecimal HMAC-SHA256 of the body under it. A message has at most so many ``segments``.
    ``scripts``, ``model`` and ``business`` are as those of an `Account`.
    """

    name: Annotated[str, pattern(r"[A-Za-z0-9_-]+", "letters, digits, - and _")]
    channel: Literal["sms"]
    secret: Annotated[str, pattern(r"\S{8,}", "at least 8 characters"), Field(repr=False)]
    check: Literal["secret", "hmac"] = "secret"
    header: _Name = "X-Secret"
    fields_in: Annotated[Fields, Field(alias="fields")] = Fields()
    send: Send
    send_secret: Annotated[str, Field(repr=False)] = ""
    segments: Annotated[int, Field(ge=1, le=10)] = 1
    scripts: Path | None = None
    model: Path | None = None
    business: Annotated[str, pattern(r"([\w.]+:\w+)?", "module:attribute")] = ""

    @property
    def verified(self) -> bool:
        """Whether it may write to customers on its own."""
        return True

    @property
    def desk(self) -> str:
        """Where people answer."""
        return "own"


def load_sms_accounts(folder: Path) -> dict[str, SmsAccount]:
    """The accounts of `folder` with `channel = "sms"`, by name. Raises `SettingsError`."""
    accounts = load_others(folder, SmsAccount, lambda channel: channel == SMS)
    return {name: _with_secret(account, folder) for name, account in accounts.items()}


def _with_secret(account: SmsAccount, folder: Path) -> SmsAccount:
    """The account with the secret of the environment where its calls need one that it lacks."""
    send = account.send
    if account.send_secret or "{secret}" not in f"{send.headers} {send.body}":
        return account
    try:
        return account.model_copy(update={"send_secret": secret_from_environment(account.name)})
    except (NoSecret, OSError, UnicodeDecodeError) as error:
        place = str(folder / f"{account.name}.toml")
        raise SettingsError(place, "send_secret", f"is missing, and {error}") from None
