"""Template messages, typing, tags, and the limits of a day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.relay import quotas

DATA = {"flight": {"value": "CA1234"}, "time": {"value": "09:10"}}


async def test_a_template_message_needs_no_window_and_reports_that_it_was_shown(
    open_provider: Any, open_relay: Any, tmp_path: Path
) -> None:
    later = [0.0]
    async with (
        open_provider() as provider,
        open_relay(provider, tmp_path, clock=lambda: 1_700_000_000 + later[0]) as relay,
    ):
        await relay.terminal.post("/api/follow", number="banli")
        await provider.until(1)
        later[0] = 7 * 86400
        openid = provider.requests[0][0]["openid"]
        address = f"/cgi-bin/message/template/send?access_token={await relay.token()}"
        body = {"touser": openid, "template_id": "T1", "data": DATA, "client_msg_id": "one"}
        _, told = await relay.terminal.post(address, **body)
        _, again = await relay.terminal.post(address, **body)
        shown = await relay.terminal.until(lambda message: message["kind"] == "template")
        await provider.until(2)

    assert told == again == {"errcode": 0, "errmsg": "ok", "msgid": told["msgid"]}
    assert shown["notice"]["description"] == "flight：CA1234\ntime：09:10"
    body = provider.requests[1][1].decode()
    assert "<Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>" in body
    assert f"<MsgID>{told['msgid']}</MsgID><Status><![CDATA[success]]></Status>" in body
    assert len(provider.requests) == 2


async def test_typing_is_told_to_the_page_for_a_while(relay: Any, calls: Any) -> None:
    who = {"touser": calls.openid, "command": "Typing"}
    await relay.terminal.say("在吗", "nonce-0001")
    async with relay.terminal.live(2**40) as socket:
        assert (await socket.receive_json())["type"] == "ready"
        assert (await calls.post("message/custom/typing", **who))["errcode"] == 0
        news = await socket.receive_json()
        while news["type"] == "message":
            news = await socket.receive_json()
    assert news == {"type": "typing", "account": "demo", "seconds": 15.0}

    assert (await calls.post("message/custom/typing", **who))["errcode"] == 45081
    ending = who | {"command": "CancelTyping"}
    assert (await calls.post("message/custom/typing", **ending))["errcode"] == 0
    wrong = who | {"command": "typing"}
    assert (await calls.post("message/custom/typing", **wrong))["errcode"] == 45072


async def test_typing_needs_a_message_of_the_last_half_minute(
    open_provider: Any, open_relay: Any, tmp_path: Path
) -> None:
    later = [0.0]
    async with (
        open_provider() as provider,
        open_relay(provider, tmp_path, clock=lambda: 1_700_000_000 + later[0]) as relay,
    ):
        await relay.terminal.post("/api/follow", number="banli")
        await provider.until(1)
        later[0] = 31
        address = f"/cgi-bin/message/custom/typing?access_token={await relay.token()}"
        openid = provider.requests[0][0]["openid"]
        _, told = await relay.terminal.post(address, touser=openid, command="Typing")
    assert told["errcode"] == 45080


async def test_tags_and_remarks_are_told_with_the_user(calls: Any) -> None:
    tag = (await calls.post("tags/create", tag={"name": "会员"}))["tag"]["id"]
    await calls.post("tags/members/batchtagging", openid_list=[calls.openid], tagid=tag)
    await calls.post("user/info/updateremark", openid=calls.openid, remark="老客户")

    told = await calls.get("user/info", openid=calls.openid)
    assert (told["remark"], told["tagid_list"], told["groupid"]) == ("老客户", [tag], tag)
    assert (await calls.get("tags/get"))["tags"] == [{"id": tag, "name": "会员", "count": 1}]
    assert (await calls.post("tags/getidlist", openid=calls.openid))["tagid_list"] == [tag]

    await calls.post("tags/members/batchuntagging", openid_list=[calls.openid], tagid=tag)
    await calls.post("tags/update", tag={"id": tag, "name": "贵宾"})
    assert (await calls.get("tags/get"))["tags"] == [{"id": tag, "name": "贵宾", "count": 0}]
    assert (await calls.post("tags/delete", tag={"id": tag}))["errcode"] == 0
    assert (await calls.get("tags/get"))["tags"] == []


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("tags/create", {"tag": {"name": ""}}, 45157),
        ("tags/create", {"tag": {"name": "很" * 11}}, 45158),
        ("tags/update", {"tag": {"id": 9, "name": "甲"}}, 45159),
        ("tags/members/batchtagging", {"openid_list": ["o"], "tagid": 9}, 45159),
        ("user/info/updateremark", {"openid": "nobody", "remark": "甲"}, 40003),
    ],
)
async def test_a_wrong_tag_is_refused_with_its_code(
    calls: Any, path: str, body: Any, code: int
) -> None:
    assert (await calls.post(path, **body))["errcode"] == code


async def test_followers_are_listed(calls: Any) -> None:
    told = await calls.get("user/get")
    assert (told["total"], told["data"]["openid"]) == (1, [calls.openid])
    assert (await calls.get("user/get", next_openid=calls.openid))["count"] == 0


async def test_the_platform_says_where_it_calls_from(calls: Any) -> None:
    assert await calls.get("getcallbackip") == {"ip_list": ["127.0.0.1"]}


async def test_a_days_calls_are_limited_until_they_are_cleared(relay: Any, calls: Any) -> None:
    async with relay.platform.database.writing() as connection:
        await quotas.limit(connection, account="demo", kind="user_info", most=1)

    codes = [(await calls.get("user/get")).get("errcode", 0) for _ in range(2)]
    assert codes == [0, 45009]
    assert (await calls.post("clear_quota", appid="wx0123456789abcdef"))["errcode"] == 0
    assert "errcode" not in await calls.get("user/get")


async def test_the_counts_are_cleared_ten_times_a_month(calls: Any) -> None:
    who = {"appid": "wx0123456789abcdef", "appsecret": "0123456789abcdef"}
    codes = [(await calls.post("clear_quota/v2", **who))["errcode"] for _ in range(11)]
    assert codes == [0] * 10 + [48006]


async def test_a_day_begins_at_midnight_in_beijing(relay: Any) -> None:
    midnight = 1_700_064_000_000  # 2023-11-16 00:00 +08:00
    async with relay.platform.database.writing() as connection:
        for now in (midnight - 1, midnight, midnight + 1):
            await quotas.count(connection, account="demo", kind="qrcode", now=now)
        today = await quotas.of_today(connection, account="demo", now=midnight)
    assert today["qrcode"] == (2, 100_000)
