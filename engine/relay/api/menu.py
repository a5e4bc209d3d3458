"""`/cgi-bin/menu/…`: the menus of an account, for everybody and by rules."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from engine.relay import menus
from engine.relay.accounts import Registered
from engine.relay.api.calls import call, decoded, ok
from engine.relay.errors import ApiError
from engine.relay.menus import Button, Menu
from engine.relay.platform import Platform

routes = web.RouteTableDef()


class Given(msgspec.Struct):
    """A menu, and whose it is."""

    button: tuple[Button, ...]
    matchrule: dict[str, Any] = {}


class Named(msgspec.Struct):
    """A menu with a rule."""

    menuid: str | int


class Whose(msgspec.Struct):
    """A customer."""

    user_id: str


@routes.post("/cgi-bin/menu/create")
@call("menu_create")
async def create(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Give everybody a menu."""
    given = await decoded(request, Given)
    async with platform.database.writing() as connection:
        await menus.create(connection, account.name, given.button)
    await platform.tell_followers(account)
    return ok()


@routes.get("/cgi-bin/menu/get")
@call("menu_query")
async def get(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Every menu."""
    everybodys, *others = await _menus(platform, account)
    if not everybodys.buttons:
        raise ApiError(46003, "menu no exist")
    told = {"menu": _shown(everybodys)}
    return web.json_response(told | ({"conditionalmenu": [*map(_shown, others)]} if others else {}))


@routes.get("/cgi-bin/get_current_selfmenu_info")
@call("menu_query")
async def info(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Everybody's menu, as the platform's own editor tells it."""
    everybodys, *_ = await _menus(platform, account)
    buttons = [_listed(button) for button in everybodys.buttons]
    told = {"is_menu_open": int(bool(buttons)), "selfmenu_info": {"button": buttons}}
    return web.json_response(told)


@routes.get("/cgi-bin/menu/delete")
@call("menu_delete")
async def delete(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Take away every menu."""
    async with platform.database.writing() as connection:
        await menus.remove_all(connection, account.name)
    await platform.tell_followers(account)
    return ok()


@routes.post("/cgi-bin/menu/addconditional")
@call("menu_create")
async def add(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Give a menu to those whom a rule fits."""
    given = await decoded(request, Given)
    async with platform.database.writing() as connection:
        id = await menus.add(connection, account, given.button, given.matchrule)
    await platform.tell_followers(account)
    return web.json_response({"menuid": str(id)})


@routes.post("/cgi-bin/menu/delconditional")
@call("menu_delete")
async def remove(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Take away a menu that has a rule."""
    given = str((await decoded(request, Named)).menuid)
    id = int(given) if given.isascii() and given.isdecimal() else 0
    async with platform.database.writing() as connection:
        await menus.remove(connection, account.name, id)
    await platform.tell_followers(account)
    return ok()


@routes.post("/cgi-bin/menu/trymatch")
@call("menu_query")
async def match(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """The menu that a customer sees."""
    openid = (await decoded(request, Whose)).user_id
    async with platform.database.reading() as connection:
        menu = await menus.of_customer(connection, account, openid)
    return web.json_response({"button": msgspec.to_builtins(menu.buttons)})


async def _menus(platform: Platform, account: Registered) -> list[Menu]:
    async with platform.database.reading() as connection:
        return await menus.of_account(connection, account)


def _shown(menu: Menu) -> dict[str, Any]:
    told = {"button": msgspec.to_builtins(menu.buttons), "menuid": menu.id}
    return told | ({"matchrule": menu.rule} if menu.rule is not None else {})


def _listed(button: Button) -> dict[str, Any]:
    told = dict(msgspec.to_builtins(button))
    if below := told.pop("sub_button", None):
        told["sub_button"] = {"list": below}
    return told
