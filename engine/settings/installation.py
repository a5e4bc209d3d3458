"""What a process of the provider is told: options, `BANLI_*` variables, `banli.toml`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from engine import assets
from engine.settings.reading import PREFIX, Told, Url, check, open_files, pattern, read_toml

# `BANLI_SECRET_NAME` signs a business call, `BANLI_RELAY_…` is the relay's.
_OTHERS = (f"{PREFIX}SECRET_", f"{PREFIX}RELAY_")

_Database = Annotated[
    str, pattern(r"(sqlite|postgresql)://.*", "sqlite:///PATH or postgresql://USER@HOST/NAME")
]
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
    ``workers`` processes serve, and share what is only read. ``speech_model`` is a Vosk model, or
    ``off``. With ``reload_dialogs`` changed scripts and models are read anew while serving.
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
    workers: Annotated[int, Field(ge=1, le=64)] = 1
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
    values = read_toml(file) if file.exists() else {}
    places = dict.fromkeys(values, str(file))
    variables = os.environ if environment is None else environment
    told = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in variables.items()
        if name.startswith(PREFIX) and not name.startswith(_OTHERS)
    }
    for key, value in open_files(told, Path(), lambda key: f"{PREFIX}{key.upper()}").items():
        values[key] = value
        places[key] = f"{PREFIX}{key.upper()}"
    for key, value in given.items():
        if value is not None:
            values[key] = value
            places[key] = f"--{key.replace('_', '-')}"
    return check(Settings, values, places, str(file))
