"""The official accounts that this relay plays the platform for.

A file is an account file of the provider (`engine.settings.Account`) with one more table:

    [relay]
    url = "http://127.0.0.1:8000/wechat/demo"   # the provider's endpoint
    title = "办理演示"                            # what customers see
    number = "banli"                             # what customers follow it by
    menu = [
        { name = "值机", key = "/checkin" },
        { name = "查询", sub = [{ name = "航班", key = "/query_flight" }] },
    ]
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

from engine.relay.errors import BadAccount
from engine.relay.markup import is_web
from engine.settings import Account, Mode, SettingsError, account_of, load_account, read_toml

#: The platform's limits of a menu.
_TOP, _SUB = 3, 5


class MenuEntry(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A menu entry: a `key` that is sent as a CLICK event, a web page, or a list of entries."""

    name: Annotated[str, msgspec.Meta(min_length=1)]
    key: str = ""
    url: str = ""
    sub: tuple[MenuEntry, ...] = ()


class Listing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an account is found and shown on the platform, and where its provider listens.

    `picture_hosts` are further `host[:port]` from which the relay may fetch pictures; `templates`
    are the words of template messages by id, the title in the first line and places written as
    `{{name.DATA}}`; `reports` says whether the account hears where customers are: on `enter`,
    `always` (every 5 s while the chat is open), or `never`.
    """

    url: str
    title: Annotated[str, msgspec.Meta(min_length=1)]
    number: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]+$")]
    menu: tuple[MenuEntry, ...] = ()
    picture_hosts: tuple[str, ...] = ()
    templates: dict[str, str] = {}
    reports: Literal["never", "enter", "always"] = "never"


@dataclass(frozen=True, slots=True)
class Registered:
    """An account of a provider together with its listing on the platform."""

    account: Account
    listing: Listing

    @property
    def name(self) -> str:
        """The short name that the relay's own addresses use."""
        return self.account.name

    @property
    def hosts(self) -> frozenset[str]:
        """`host[:port]` of every place from which this account's pictures may come."""
        return frozenset({urlsplit(self.listing.url).netloc, *self.listing.picture_hosts})

    @property
    def encrypts(self) -> bool:
        """Whether messages to this account carry a ciphertext."""
        return self.account.mode is not Mode.PLAIN


def load(folder: Path) -> dict[str, Registered]:
    """Every `NAME.toml` of a folder, by name, but for those of other channels.

    Raises `BadAccount`.
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise BadAccount(f"{folder}: holds no account file (NAME.toml)")
    official = [file for file in files if not _is_elsewhere(file)]
    if not official:
        raise BadAccount(f"{folder}: holds accounts of other channels only; the relay needs one")
    return together(_read(file) for file in official)


def together(accounts: Iterable[Registered]) -> dict[str, Registered]:
    """Accounts by name. Raises `BadAccount` when two share what must tell them apart."""
    found: dict[str, Registered] = {}
    seen: set[str] = set()
    for each in accounts:
        identity = {each.name, each.account.id, each.account.appid, f"#{each.listing.number}"}
        if twice := identity & seen:
            raise BadAccount(f"{each.name}: another account has {', '.join(sorted(twice))} too")
        seen |= identity
        found[each.name] = each
    return found


def register(place: str, keys: Mapping[str, Any], listing: Mapping[str, Any]) -> Registered:
    """Check the values of an account, given as in its file. Raises `BadAccount` naming `place`."""
    try:
        return _listed(place, account_of(keys, place=place), listing)
    except SettingsError as error:
        raise BadAccount(str(error)) from None


def _listed(place: str, account: Account, listing: Mapping[str, Any]) -> Registered:
    try:
        shown = msgspec.convert(dict(listing), Listing)
    except msgspec.ValidationError as error:
        raise BadAccount(f"{place}: relay: {error}") from None
    if not is_web(shown.url):
        raise BadAccount(f"{place}: relay.url: not an http(s) address: {shown.url!r}")
    if len(shown.menu) > _TOP or any(len(top.sub) > _SUB for top in shown.menu):
        raise BadAccount(f"{place}: relay.menu: at most {_TOP} entries with {_SUB} below each")
    return Registered(account, shown)


def _is_elsewhere(file: Path) -> bool:
    """Whether an account is reached by another channel: the platform has nothing to do with it."""
    try:
        return bool(read_toml(file).get("channel"))
    except SettingsError as error:
        raise BadAccount(str(error)) from None


def _read(file: Path) -> Registered:
    try:
        account = load_account(file)
    except SettingsError as error:
        raise BadAccount(str(error)) from None
    listing = tomllib.loads(file.read_text("utf-8")).get("relay")
    if not isinstance(listing, dict):
        raise BadAccount(f"{file}: has no [relay] table with url, title and number")
    return _listed(str(file), account, listing)
