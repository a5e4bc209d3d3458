"""How this installation is set up: `BANLI_*` variables, `banli.toml`, one file per account."""

from __future__ import annotations

import enum
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from engine import assets

#: The real platform. The demo and tests put a relay's address into `api_base`.
PLATFORM = "https://api.weixin.qq.com"

#: The channel whose accounts `engine.channels.sms` describes.
SMS = "sms"

_PREFIX = "BANLI_"
_FROM_FILE = "_file"

# `BANLI_SECRET_NAME` signs a business call, `BANLI_RELAY_…` is the relay's; so is `[relay]` of an
# account's file, which the relay reads together with the rest.
_OTHERS = (f"{_PREFIX}SECRET_", f"{_PREFIX}RELAY_")
_OF_RELAY = "relay"


class SettingsError(Exception):
    """A setting is missing or wrong.

    ``place`` is the file or the variable it comes from, ``key`` the setting (empty when the whole
    file is at fault). The message says both, and what is wrong, on one line, without the value.
    """

    def __init__(self, place: str, key: str, fault: str) -> None:
        # A variable or an option names its key itself.
        named = place.startswith((_PREFIX, "--"))
        super().__init__(f"{place}: {'' if named or not key else key + ' '}{fault}")
        self.place = place
        self.key = key


class Mode(enum.StrEnum):
    """How the platform writes to an account: in clear, in both ways, or encrypted only."""

    PLAIN = "plain"
    COMPAT = "compat"
    SAFE = "safe"


def pattern(wanted: str, wording: str) -> AfterValidator:
    """A setting that has to be written so; ``wording`` goes on after *must be*."""

    def check(value: str) -> str:
        if re.fullmatch(wanted, value) is None:
            raise ValueError(f"must be {wording}")
        return value

    return AfterValidator(check)


Url = Annotated[
    str,
    pattern(r"https?://\S*[^\s/]", "http:// or https:// and a host, without a slash at the end"),
]
_Database = Annotated[
    str, pattern(r"(sqlite|postgresql)://.*", "sqlite:///PATH or postgresql://USER@HOST/NAME")
]
_Digest = Annotated[str, pattern(r"[0-9a-f]{64}", "the SHA-256 digest of a key, 64 hex digits")]
_AesKey = Annotated[str, pattern(r"|[A-Za-z0-9]{43}", "43 letters or digits"), Field(repr=False)]


class Told(BaseModel):
    """Settings that are read once; unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


_Days = Annotated[int, Field(ge=1)]


class Keep(Told):
    """How many days each kind of what is kept of customers is kept; `forget` deletes at once.

    ``answers`` are those to the platform's repeats, with what was heard; ``traces`` how turns went;
    ``ledger`` what was done, whose keys keep it from being done twice.
    """

    answers: _Days = 30
    conversation: _Days = 90
    traces: _Days = 30
    pictures: _Days = 90
    sessions: _Days = 365
    ledger: _Days = 730


class Settings(Told):
    """What a process of the provider is told at its start. `load_settings` reads it.

    ``home`` holds this installation's state. ``business`` names the company's `Business` as
    ``module:attribute``. ``public_url`` is where platform and customers reach the provider.
    ``speech_model`` is a Vosk model, or ``off``. With ``reload_dialogs`` changed scripts and models
    are read anew while serving.
    ``desk_phrases`` is the file in which the desk writes what customers said and what it means.
    One customer, and all of an account, may send ``…_burst`` messages at once and ``…_rate`` a
    second, to each process.
    ``store_keys`` seal what customers said in the database, the first of them from now on; without,
    those of ``key_file`` do, which is made at the first start. ``keep`` is `[keep]` of the file;
    `BANLI_KEEP` has it as ``answers=30,traces=7``.
    """

    home: Path = Path(".banli")
    # May hold a password.
    database: _Database = Field(
        default_factory=lambda told: f"sqlite:///{told['home']}/banli.db", repr=False
    )
    store_keys: str = Field(default="", repr=False)
    keep: Keep = Keep()
    accounts: Path = Path("accounts")
    dialogs: Path = Field(default_factory=assets.dialogs)
    model: Path = Field(default_factory=lambda: assets.models() / "nlu")
    speech_model: Path = Field(default_factory=lambda: assets.models() / "speech" / "zh-banli")
    business: Annotated[str, pattern(r"[\w.]+:\w+", "module:attribute")] = (
        "engine.business.demo:business"
    )
    desk_phrases: Path = Field(default_factory=lambda told: told["home"] / "desk.yml")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    public_url: Url = Field(default_factory=lambda told: f"http://127.0.0.1:{told['port']}")
    reload_dialogs: bool = False
    customer_rate: Annotated[float, Field(gt=0)] = 5
    customer_burst: Annotated[float, Field(ge=1)] = 200
    account_rate: Annotated[float, Field(gt=0)] = 1000
    account_burst: Annotated[float, Field(ge=1)] = 2000
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("keep", mode="before")
    @classmethod
    def _as_pairs(cls, told: object) -> object:
        if not isinstance(told, str):
            return told
        return dict(pair.strip().split("=", 1) for pair in told.split(",") if "=" in pair)

    @property
    def key_file(self) -> Path:
        """Where the store's keys are, unless `store_keys` has them."""
        return self.home / "store.keys"


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
    templates: dict[str, Template] = {}

    @model_validator(mode="after")
    def _encrypts_with_a_key(self) -> Self:
        if self.mode is not Mode.PLAIN and not self.aes_key:
            raise ValueError(f"aes_key is missing; mode {self.mode} encrypts with it")
        return self


Model = TypeVar("Model", bound=Told)


def load_settings(
    *,
    environment: Mapping[str, str] | None = None,
    file: Path = Path("banli.toml"),
    **given: Any,
) -> Settings:
    """Settings from `given` options, else `BANLI_*` variables, else `file` if it exists.

    `BANLI_NAME_FILE` names a file that holds the value of NAME. An option that is None was not
    given. Raises `SettingsError`.
    """
    values = _read_toml(file) if file.exists() else {}
    places = dict.fromkeys(values, str(file))
    variables = os.environ if environment is None else environment
    told = {
        name.removeprefix(_PREFIX).lower(): value
        for name, value in variables.items()
        if name.startswith(_PREFIX) and not name.startswith(_OTHERS)
    }
    for key, value in _open_files(told, Path(), lambda key: f"{_PREFIX}{key.upper()}").items():
        values[key] = value
        places[key] = f"{_PREFIX}{key.upper()}"
    for key, value in given.items():
        if value is not None:
            values[key] = value
            places[key] = f"--{key.replace('_', '-')}"
    return _check(Settings, values, places, str(file))


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
        file.stem: _check(model, _values(file), {}, str(file))
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
    return str(_read_toml(file).get("channel", ""))


def load_account(file: Path) -> Account:
    """The account in one file, whatever table of the relay stands below. Raises `SettingsError`."""
    return account_of(_values(file), place=str(file))


def _values(file: Path) -> dict[str, Any]:
    values = _read_toml(file)
    values.pop(_OF_RELAY, None)
    if "name" in values:
        raise SettingsError(str(file), "name", "is the name of the file; leave it out")
    values = _open_files(values, file.parent, lambda _: str(file))
    for key in ("scripts", "model"):
        if isinstance(values.get(key), str):
            values[key] = file.parent / values[key]
    return {"name": file.stem, **values}


def account_of(values: Mapping[str, Any], *, place: str) -> Account:
    """An account of the values that ``place`` gives. Raises `SettingsError`."""
    return _check(Account, values, {}, place)


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(file), "", f"cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(str(file), "", f"is not TOML: {error}") from error


def _open_files(
    values: Mapping[str, Any], folder: Path, place: Callable[[str], str]
) -> dict[str, Any]:
    """`values` with the content of the named file in place of each `…_file`."""
    opened: dict[str, Any] = {}
    for key, value in values.items():
        if not key.endswith(_FROM_FILE):
            opened[key] = value
            continue
        plain = key.removesuffix(_FROM_FILE)
        if plain in values:
            raise SettingsError(place(key), key, f"is given beside {plain}")
        try:
            opened[plain] = (folder / str(value)).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(place(key), key, f"cannot be read: {error}") from error
    return opened


def _check(
    model: type[Model], values: Mapping[str, Any], places: Mapping[str, str], place: str
) -> Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    fault = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
    if first["type"] == "missing":
        fault = "is missing"
    elif first["type"] == "extra_forbidden":
        near = get_close_matches(key, model.model_fields, n=1)
        fault = "is no setting" + (f"; did you mean {near[0]}?" if near else "")
    # Outside of `except`: a chained ValidationError would carry the value into a traceback.
    raise SettingsError(places.get(key, place), key, fault)
