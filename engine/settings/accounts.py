"""The accounts by which customers reach a company, one file each."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from engine.settings.reading import (
    Model,
    SettingsError,
    Told,
    Url,
    check,
    open_files,
    pattern,
    read_toml,
)

#: The real platform. The demo and tests put a relay's address into `api_base`.
PLATFORM = "https://api.weixin.qq.com"

#: The channel whose accounts `engine.channels.sms` describes.
SMS = "sms"

# The relay reads this table of an official account's file.
_OF_RELAY = "relay"

_Digest = Annotated[str, pattern(r"[0-9a-f]{64}", "the SHA-256 digest of a key, 64 hex digits")]
_AesKey = Annotated[str, pattern(r"|[A-Za-z0-9]{43}", "43 letters or digits"), Field(repr=False)]


class Mode(enum.StrEnum):
    """How the platform writes to an account: in clear, in both ways, or encrypted only."""

    PLAIN = "plain"
    COMPAT = "compat"
    SAFE = "safe"


class Template(Told):
    """How the platform tells a notice where no message of ours may go.

    ``data`` fills the template's slots; ``{name}`` in a value, in ``url`` or in ``page`` is that
    fact of the notice. A ``subscription`` needs the customer's consent. With ``always`` it is told
    in this way also where a message could go.
    """

    id: Annotated[str, pattern(r"\S+", "the template's id")]
    kind: Literal["template", "subscription"] = "template"
    data: dict[str, str]
    url: str = ""
    page: str = ""
    always: bool = False


class ApiAccount(Told):
    """A company as other programs reach it: customers of its own, by `POST /v1/messages`.

    ``keys`` are the programs that may write, by name, each with the SHA-256 digest of its key.
    ``scripts``, ``model`` and ``business`` are as those of an `Account`. What the company begins is
    posted to ``webhook``, signed with ``webhook_secret``; without, it waits for the customer's next
    message.
    """

    name: Annotated[str, pattern(r"[A-Za-z0-9_-]+", "letters, digits, - and _")]
    channel: Literal["api"]
    keys: dict[str, _Digest] = Field(min_length=1, repr=False)
    webhook: Url | Literal[""] = ""
    webhook_secret: Annotated[str, Field(repr=False)] = ""
    scripts: Path | None = None
    model: Path | None = None
    business: Annotated[str, pattern(r"([\w.]+:\w+)?", "module:attribute")] = ""

    @model_validator(mode="after")
    def _signs_what_it_posts(self) -> Self:
        if self.webhook and not self.webhook_secret:
            raise ValueError("webhook_secret is missing; what is posted is signed with it")
        return self

    @property
    def verified(self) -> bool:
        """Whether it may write to customers on its own."""
        return bool(self.webhook)

    @property
    def desk(self) -> str:
        """Where people answer."""
        return "own"


class Account(Told):
    """An official account. Secrets are left out of its repr.

    ``desk`` says where people answer: at the desk of this provider, or at the ``platform``'s own.
    ``verified`` accounts may write to customers on their own. ``scripts`` and ``model`` are folders
    that this account uses in place of `Settings.dialogs` and `Settings.model`, and ``business``
    stands in the place of `Settings.business`. ``pictures`` are
    shown as articles, or as images of the chat. ``templates`` tell notices, by the notice's name.
    """

    name: Annotated[
        str, pattern(r"[A-Za-z0-9_-]+", "letters, digits, - and _, as it is in the address")
    ]
    id: Annotated[str, pattern(r"gh_\w+", "the account's original id, gh_…")]
    appid: Annotated[str, pattern(r"\w+", "the account's AppID")]
    secret: Annotated[str, pattern(r"\S+", "the account's AppSecret"), Field(repr=False)]
    token: Annotated[
        str, pattern(r"[A-Za-z0-9]{3,32}", "3 to 32 letters or digits"), Field(repr=False)
    ]
    aes_key: _AesKey = ""
    previous_aes_key: _AesKey = ""
    mode: Mode = Mode.SAFE
    verified: bool = False
    desk: Literal["own", "platform"] = "own"
    api_base: Url = PLATFORM
    scripts: Path | None = None
    model: Path | None = None
    business: Annotated[str, pattern(r"([\w.]+:\w+)?", "module:attribute")] = ""
    pictures: Literal["article", "image"] = "article"
    templates: dict[str, Template] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _encrypts_with_a_key(self) -> Self:
        if self.mode is not Mode.PLAIN and not self.aes_key:
            raise ValueError(f"aes_key is missing; mode {self.mode} encrypts with it")
        return self


def load_accounts(folder: Path) -> dict[str, Account]:
    """The official accounts of `folder`, one `NAME.toml` each, by name. Raises `SettingsError`.

    A secret may stand in a file of its own: `secret_file = "PATH"`, relative to the account's file.
    Those of other channels are left out, but one account of any there must be.
    """
    files = _files(folder)
    return {file.stem: load_account(file) for file in files if not _channel(file)}


def load_api_accounts(folder: Path) -> dict[str, ApiAccount]:
    """The accounts of `folder` with `channel = "api"`, by name. Raises `SettingsError`."""
    return load_others(folder, ApiAccount, lambda channel: channel not in ("", SMS))


def load_others(
    folder: Path, model: type[Model], is_meant: Callable[[str], bool]
) -> dict[str, Model]:
    """The accounts of `folder` whose `channel` is meant, by name. Raises `SettingsError`."""
    return {
        file.stem: check(model, _values(file), {}, str(file))
        for file in _files(folder)
        if is_meant(_channel(file))
    }


def _files(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise SettingsError(str(folder), "", "holds no account; write one as NAME.toml")
    return files


def _channel(file: Path) -> str:
    """What an account is reached by; empty for an official account."""
    return str(read_toml(file).get("channel", ""))


def load_account(file: Path) -> Account:
    """The account in one file, whatever table of the relay stands below. Raises `SettingsError`."""
    return account_of(_values(file), place=str(file))


def _values(file: Path) -> dict[str, Any]:
    values = read_toml(file)
    values.pop(_OF_RELAY, None)
    if "name" in values:
        raise SettingsError(str(file), "name", "is the name of the file; leave it out")
    values = open_files(values, file.parent, lambda _: str(file))
    for key in ("scripts", "model"):
        if isinstance(values.get(key), str):
            values[key] = file.parent / values[key]
    return {"name": file.stem, **values}


def account_of(values: Mapping[str, Any], *, place: str) -> Account:
    """An account of the values that ``place`` gives. Raises `SettingsError`."""
    return check(Account, values, {}, place)
