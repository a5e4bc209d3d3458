from __future__ import annotations

from typing import Any

import pytest

BUTTONS = [
    {"type": "click", "name": "充值", "key": "/topup"},
    {
        "name": "更多",
        "sub_button": [
            {"type": "view", "name": "官网", "url": "https://example.org/"},
            {"type": "scancode_waitmsg", "name": "扫码", "key": "scan"},
            {"type": "location_select", "name": "位置", "key": "where"},
            {"type": "pic_weixin", "name": "照片", "key": "photo"},
            {"type": "miniprogram", "name": "小程序", "url": "https://example.org/", "appid": "wx1",
             "pagepath": "pages/a"},
        ],
    },
]  # fmt: skip


async def menu_of(relay: Any) -> list[str]:
    _, told = await relay.terminal.get("/api/contacts")
    return [entry["name"] for entry in told["contacts"][0]["menu"]]


@pytest.fixture
async def created(relay: Any, calls: Any) -> Any:
    assert (await calls.post("menu/create", button=BUTTONS))["errcode"] == 0
    return relay


async def test_the_menu_of_the_accounts_file_holds_until_one_is_created(
    relay: Any, calls: Any
) -> None:
    assert await menu_of(relay) == ["值机", "查"]
    told = await calls.get("menu/get")
    assert [button["name"] for button in told["menu"]["button"]] == ["值机", "查"]

    await calls.post("menu/create", button=BUTTONS)

    assert await menu_of(relay) == ["充值", "更多"]
    assert (await calls.get("menu/get"))["menu"]["button"] == BUTTONS
    told = await calls.get("get_current_selfmenu_info")
    assert told["selfmenu_info"]["button"][1]["sub_button"] == {"list": BUTTONS[1]["sub_button"]}


async def test_a_deleted_menu_is_gone(created: Any, calls: Any) -> None:
    assert (await calls.get("menu/delete"))["errcode"] == 0
    assert await menu_of(created) == []
    assert (await calls.get("menu/get"))["errcode"] == 46003


async def test_those_who_wear_a_tag_see_a_menu_of_their_own(created: Any, calls: Any) -> None:
    tag = (await calls.post("tags/create", tag={"name": "会员"}))["tag"]["id"]
    given = {"button": BUTTONS[:1], "matchrule": {"tag_id": str(tag)}}
    id = (await calls.post("menu/addconditional", **given))["menuid"]
    assert await menu_of(created) == ["充值", "更多"]

    await calls.post("tags/members/batchtagging", openid_list=[calls.openid], tagid=tag)
    assert await menu_of(created) == ["充值"]
    matched = await calls.post("menu/trymatch", user_id=calls.openid)
    assert matched["button"] == BUTTONS[:1]

    assert (await calls.post("menu/delconditional", menuid=id))["errcode"] == 0
    assert await menu_of(created) == ["充值", "更多"]


@pytest.mark.parametrize(
    ("button", "code"),
    [
        ([], 40016),
        ([BUTTONS[0]] * 4, 40016),
        ([BUTTONS[0] | {"name": "六个字的名字"}], 40018),
        ([BUTTONS[0] | {"type": "tap"}], 40017),
        ([BUTTONS[0] | {"key": ""}], 40019),
        ([{"name": "多", "sub_button": [BUTTONS[0]] * 6}], 40023),
        ([{"name": "多", "sub_button": [BUTTONS[0] | {"type": "x"}]}], 40024),
    ],
)
async def test_a_menu_beyond_the_limits_is_refused(calls: Any, button: Any, code: int) -> None:
    assert (await calls.post("menu/create", button=button))["errcode"] == code


async def test_a_rule_needs_something_to_fit(created: Any, calls: Any) -> None:
    told = await calls.post("menu/addconditional", button=BUTTONS[:1], matchrule={"tag_id": ""})
    assert told["errcode"] == 65304


@pytest.mark.parametrize(
    ("type", "target", "event", "element"),
    [
        ("view", "https://example.org/", "VIEW", "<MenuId>"),
        ("miniprogram", "pages/a", "view_miniprogram", "<MenuId>"),
        ("scancode_waitmsg", "scan", "scancode_waitmsg", "<ScanResult><![CDATA[六]]></ScanResult>"),
    ],
)
async def test_every_entry_has_its_event(
    created: Any, type: str, target: str, event: str, element: str
) -> None:
    body = {"account": "demo", "nonce": "nonce-0001", "type": type, "target": target}
    status, _ = await created.terminal.post("/api/menu", **body, result="六")
    await created.provider.until(2)

    sent = created.provider.requests[-1][1].decode()
    assert status == 200
    assert f"<Event><![CDATA[{event}]]></Event><EventKey><![CDATA[{target}]]></EventKey>" in sent
    assert element in sent


async def test_an_answer_to_a_page_that_was_opened_is_not_shown(created: Any) -> None:
    created.provider.says("看不见")
    body = {"account": "demo", "nonce": "nonce-0001", "type": "view"}
    await created.terminal.post("/api/menu", **body, target="https://example.org/")
    await created.provider.until(2)
    created.provider.says("看得见")
    await created.terminal.say("在吗", "nonce-0002")
    await created.terminal.hears("看得见")

    _, told = await created.terminal.get("/api/history?account=demo")
    shown = ["".join(part["text"] for part in each.get("parts", ())) for each in told["messages"]]
    assert shown == ["你已关注「演示」", "在吗", "看得见"]


async def test_an_entry_that_is_gone_is_refused(created: Any) -> None:
    body = {"account": "demo", "nonce": "nonce-0001", "type": "click", "target": "/f"}
    assert (await created.terminal.post("/api/menu", **body))[0] == 404
