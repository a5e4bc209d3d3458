"""`/cgi-bin/user/…` and `/cgi-bin/tags/…`: who follows, and what is noted of them."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from engine.relay import contacts, messages, qrcodes, tags
from engine.relay.accounts import Registered
from engine.relay.api.calls import call, decoded, ok
from engine.relay.contacts import Contact
from engine.relay.errors import ApiError
from engine.relay.events import SCENE
from engine.relay.platform import Platform

routes = web.RouteTableDef()

#: The platform lists so many followers at once, and tags so many.
_AT_ONCE, _TAGGED_AT_ONCE = 10_000, 50


class Tag(msgspec.Struct):
    """A tag: by its name, its id, or both."""

    name: str = ""
    id: int = 0


class OfTag(msgspec.Struct):
    """What a call does to a tag."""

    tag: Tag


class Tagging(msgspec.Struct):
    """Customers, and a tag."""

    openid_list: list[str]
    tagid: int


class OfUser(msgspec.Struct):
    """A customer, and a remark on them."""

    openid: str
    remark: str = ""


@routes.get("/cgi-bin/user/info")
@call("user_info")
async def info(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """What the platform tells of a user. Names and portraits it tells no longer."""
    openid = request.query.get("openid", "")
    contact = await platform.contact(account, openid=openid)
    if contact is None:
        raise ApiError(40003, "invalid openid")
    if not contact.followed:
        return web.json_response({"subscribe": 0, "openid": openid})
    return web.json_response(await _of_follower(platform, contact))


@routes.get("/cgi-bin/user/get")
@call("user_info")
async def followers(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """The openids of followers, in the order of following, after `next_openid`."""
    async with platform.database.reading() as connection:
        openids = [each.openid for each in await contacts.followers(connection, account.name)]
    first = request.query.get("next_openid", "")
    start = openids.index(first) + 1 if first in openids else 0
    shown = openids[start : start + _AT_ONCE]
    told: dict[str, Any] = {"total": len(openids), "count": len(shown)}
    if shown:
        told |= {"data": {"openid": shown}}
    return web.json_response(told | {"next_openid": shown[-1] if shown else ""})


@routes.post("/cgi-bin/user/info/updateremark")
@call("tags")
async def remark(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Note something of a user."""
    given = await decoded(request, OfUser)
    async with platform.database.writing() as connection:
        await tags.remark(connection, account=account.name, openid=given.openid, text=given.remark)
    return ok()


@routes.post("/cgi-bin/tags/create")
@call("tags")
async def create(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Make a tag."""
    name = (await decoded(request, OfTag)).tag.name
    async with platform.database.writing() as connection:
        id = await tags.create(connection, account=account.name, name=name)
    return web.json_response({"tag": {"id": id, "name": name}})


@routes.get("/cgi-bin/tags/get")
@call("tags")
async def listed(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Every tag."""
    async with platform.database.reading() as connection:
        return web.json_response({"tags": await tags.of_account(connection, account=account.name)})


@routes.post("/cgi-bin/tags/update")
@call("tags")
async def rename(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Call a tag otherwise."""
    tag = (await decoded(request, OfTag)).tag
    async with platform.database.writing() as connection:
        await tags.rename(connection, account=account.name, tag=tag.id, name=tag.name)
    return ok()


@routes.post("/cgi-bin/tags/delete")
@call("tags")
async def delete(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Forget a tag."""
    tag = (await decoded(request, OfTag)).tag
    async with platform.database.writing() as connection:
        await tags.remove(connection, account=account.name, tag=tag.id)
    await platform.tell_followers(account)
    return ok()


@routes.post("/cgi-bin/tags/members/{act:batchtagging|batchuntagging}")
@call("tags")
async def members(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """Give a tag to users, or take it from them."""
    given = await decoded(request, Tagging)
    if len(given.openid_list) > _TAGGED_AT_ONCE:
        raise ApiError(40032, "invalid openid list size")
    change = tags.put_on if request.match_info["act"] == "batchtagging" else tags.take_off
    async with platform.database.writing() as connection:
        await change(connection, account=account.name, tag=given.tagid, openids=given.openid_list)
    await platform.tell_followers(account)
    return ok()


@routes.post("/cgi-bin/tags/getidlist")
@call("tags")
async def worn(request: web.Request, platform: Platform, account: Registered) -> web.Response:
    """The tags of a user."""
    openid = (await decoded(request, OfUser)).openid
    async with platform.database.reading() as connection:
        found = await tags.of_customer(connection, account=account.name, openid=openid)
    return web.json_response({"tagid_list": found})


async def _of_follower(platform: Platform, contact: Contact) -> dict[str, Any]:
    who = {"account": contact.account, "openid": contact.openid}
    async with platform.database.reading() as connection:
        came = await messages.followed_by(
            connection, account=contact.account, terminal=contact.terminal
        )
        code = await qrcodes.by_ticket(connection, str(came.get("Ticket", "")))
        worn = await tags.of_customer(connection, **who)
        note = await tags.remark_of(connection, **who)
    scene = str(came.get("EventKey", "")).removeprefix(SCENE)
    is_number = code is not None and code.is_number
    return {
        "subscribe": 1,
        "openid": contact.openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": contact.since // 1000,
        "remark": note,
        "groupid": worn[0] if worn else 0,
        "tagid_list": worn,
        "subscribe_scene": "ADD_SCENE_QR_CODE" if code else "ADD_SCENE_SEARCH",
        "qr_scene": int(scene) if is_number else 0,
        "qr_scene_str": "" if is_number else scene,
    }
