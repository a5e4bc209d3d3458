"""How settings are read: TOML, values in files of their own, and faults on one line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

PREFIX = "BANLI_"
_FROM_FILE = "_file"


class SettingsError(Exception):
    """A setting is missing or wrong.

    ``place`` is the file or the variable it comes from, ``key`` the setting (empty when the whole
    file is at fault). The message says both, and what is wrong, on one line, without the value.
    """

    def __init__(self, place: str, key: str, fault: str) -> None:
        # A variable or an option names its key itself.
        named = place.startswith((PREFIX, "--"))
        super().__init__(f"{place}: {'' if named or not key else key + ' '}{fault}")
        self.place = place
        self.key = key


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


class Told(BaseModel):
    """Settings that are read once; unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


Model = TypeVar("Model", bound=Told)


def read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(file), "", f"cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(str(file), "", f"is not TOML: {error}") from error


def open_files(
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


def check(
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
