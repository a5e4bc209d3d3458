"""Menus of accounts: from the account's file, or through the API; for everybody, or by a rule.

The limits and return codes are those of the platform's pages on menus.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay import tags
from engine.relay.accounts import MenuEntry, Registered
from engine.relay.errors import ApiError
from engine.relay.schema import menus

_TOP, _SUB = 3, 5

#: Bytes of a name (at the top, below), of a key and of an address.
_NAME, _SUB_NAME, _KEY, _URL = 16, 60, 128, 1024

#: The kinds of buttons, and which field tells one of a kind from another.
KINDS = {
    "click": "key",
    "view": "url",
    "miniprogram": "pagepath",
    "scancode_push": "key",
    "scancode_waitmsg": "key",
    "pic_sysphoto": "key",
    "pic_photo_or_album": "key",
    "pic_weixin": "key",
    "location_select": "key",
    "media_id": "media_id",
    "article_id": "article_id",
}


class Button(msgspec.Struct, frozen=True, omit_defaults=True):
    """A button as the API names it; one that has buttons below it does nothing itself."""

    name: str = ""
    type: str = ""
    key: str = ""
    url: str = ""
    appid: str = ""
    pagepath: str = ""
    media_id: str = ""
    article_id: str = ""
    sub_button: tuple[Button, ...] = ()

    @property
    def target(self) -> str:
        """What tells it from others of its kind: its key, address, page or medium."""
        return str(getattr(self, KINDS.get(self.type, "key")))


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu; `id` is 0 for the one of the account's file, `rule` says whose it is."""

    id: int
    buttons: tuple[Button, ...]
    rule: dict[str, Any] | None = None

    def button(self, kind: str, target: str) -> Button | None:
        """The button of a kind that leads there."""
        found = (each for each in _all(self.buttons) if (each.type, each.target) == (kind, target))
        return next(found, None)


async def of_account(connection: AsyncConnection, account: Registered) -> list[Menu]:
    """Everybody's menu first, then those with a rule, the newest first: the first that fits."""
    wanted = select(menus).where(menus.c.account == account.name).order_by(menus.c.id.desc())
    kept = [_menu(row) for row in await connection.execute(wanted)]
    everybodys = [menu for menu in kept if menu.rule is None]
    own = Menu(0, tuple(_from_file(each) for each in account.listing.menu))
    return [*(everybodys or [own]), *(menu for menu in kept if menu.rule is not None)]


async def of_customer(connection: AsyncConnection, account: Registered, openid: str) -> Menu:
    """The menu that a customer sees."""
    everybodys, *others = await of_account(connection, account)
    worn = await tags.of_customer(connection, account=account.name, openid=openid)
    return next((menu for menu in others if _fits(menu.rule or {}, worn)), everybodys)


async def create(connection: AsyncConnection, account: str, buttons: tuple[Button, ...]) -> None:
    """Give everybody a menu. Raises `ApiError`."""
    _check(buttons)
    everybodys = (menus.c.account == account) & menus.c.rule.is_(None)
    await connection.execute(delete(menus).where(everybodys))
    await _put(connection, account, buttons, None)


async def add(
    connection: AsyncConnection,
    account: Registered,
    buttons: tuple[Button, ...],
    rule: dict[str, Any],
) -> int:
    """Give a menu to those whom a rule fits; its id. Raises `ApiError`."""
    _check(buttons)
    given = {name: value for name, value in rule.items() if value not in ("", None)}
    if not given:
        raise ApiError(65304, "match rule empty")
    everybodys, *_ = await of_account(connection, account)
    if not everybodys.buttons:
        raise ApiError(65303, "there is no selfmenu, please create selfmenu first")
    return await _put(connection, account.name, buttons, given)


async def remove(connection: AsyncConnection, account: str, id: int) -> None:
    """Take away a menu that has a rule. Raises `ApiError`."""
    wanted = (menus.c.account == account) & (menus.c.id == id) & menus.c.rule.is_not(None)
    done = await connection.execute(delete(menus).where(wanted))
    if not done.rowcount:
        raise ApiError(65301, "not exist conditional menu for menuid")


async def remove_all(connection: AsyncConnection, account: str) -> None:
    """Take away every menu, also that of the account's file."""
    await connection.execute(delete(menus).where(menus.c.account == account))
    await _put(connection, account, (), None)


def _from_file(entry: MenuEntry) -> Button:
    below = tuple(_from_file(each) for each in entry.sub)
    kind = "" if below else "view" if entry.url else "click"
    return Button(entry.name, kind, entry.key, entry.url, sub_button=below)


async def _put(
    connection: AsyncConnection,
    account: str,
    buttons: tuple[Button, ...],
    rule: dict[str, Any] | None,
) -> int:
    row = menus.insert().values(account=account, rule=rule, buttons=msgspec.to_builtins(buttons))
    return int((await connection.execute(row.returning(menus.c.id))).scalar_one())


def _menu(row: Any) -> Menu:
    return Menu(row.id, msgspec.convert(row.buttons, tuple[Button, ...]), row.rule)


def _all(buttons: Iterable[Button]) -> Iterator[Button]:
    return (each for top in buttons for each in (top, *top.sub_button))


def _fits(rule: dict[str, Any], worn: Collection[int]) -> bool:
    """Whether every condition holds. What the platform tells of nobody any more fits nobody."""
    known = {
        "tag_id": {str(tag) for tag in worn},
        "group_id": {str(tag) for tag in worn},
        "language": {"zh_CN"},
        "client_platform_type": {"3"},
    }
    return all(str(value) in known.get(name, ()) for name, value in rule.items())


def _check(buttons: tuple[Button, ...]) -> None:
    if not 1 <= len(buttons) <= _TOP:
        raise ApiError(40016, "invalid button size")
    for top in buttons:
        _measure(top.name, _NAME, 40018, "invalid button name size")
        if len(top.sub_button) > _SUB:
            raise ApiError(40023, "invalid sub button size")
        for below in top.sub_button:
            _measure(below.name, _SUB_NAME, 40025, "invalid sub button name size")
            _check_act(below, kind=40024, key=40026, url=40027)
        if not top.sub_button:
            _check_act(top, kind=40017, key=40019, url=40020)


def _check_act(button: Button, *, kind: int, key: int, url: int) -> None:
    if button.type not in KINDS:
        raise ApiError(kind, "invalid button type")
    if KINDS[button.type] == "key":
        _measure(button.key, _KEY, key, "invalid button key size")
    if button.type in {"view", "miniprogram"}:
        _measure(button.url, _URL, url, "invalid button url size")
    if not button.target:
        raise ApiError(key, "invalid button key size")


def _measure(text: str, most: int, code: int, fault: str) -> None:
    if not 1 <= len(text.encode()) <= most:
        raise ApiError(code, fault)
