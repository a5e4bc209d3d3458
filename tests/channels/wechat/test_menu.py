"""Menus as people write them, as the platform takes them, and what is wrong with others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.channels.wechat import menu
from engine.channels.wechat.errors import BadMenu

INTENTS = ("checkin", "topup", "help")

MENU = """\
- name: 值机
  start: checkin
- name: 更多
  sub:
    - {name: 充话费, key: /topup}
    - {name: 扫登机牌, key: scan_pass, type: scancode_waitmsg}
    - {name: 官网, url: "https://example.com/"}
    - {name: 小程序, appid: wx1, pagepath: pages/index, url: "https://example.com/"}
"""


def test_a_menu_of_a_file_is_what_the_platform_takes(tmp_path: Path) -> None:
    file = tmp_path / "menu.yaml"
    file.write_text(MENU)
    first, second = menu.load(file, INTENTS)["button"]
    assert first == {"type": "click", "name": "值机", "key": "/checkin"}
    assert second["name"] == "更多"
    assert second["sub_button"] == [
        {"type": "click", "name": "充话费", "key": "/topup"},
        {"type": "scancode_waitmsg", "name": "扫登机牌", "key": "scan_pass"},
        {"type": "view", "name": "官网", "url": "https://example.com/"},
        {
            "type": "miniprogram",
            "name": "小程序",
            "url": "https://example.com/",
            "appid": "wx1",
            "pagepath": "pages/index",
        },
    ]


def entry(name: str = "值机", **told: Any) -> dict[str, Any]:
    return {"name": name, "start": "checkin", **told}


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ([], "at least 1"),
        ([entry()] * 4, "at most 3"),
        ([{"name": "更多", "sub": [entry()] * 6}], "at most 5"),
        ([entry("值机选座登机牌")], "over 16 bytes"),
        ([{"name": "更多", "sub": [entry("长" * 21)]}], "over 60 bytes"),
        ([{"name": "值机", "key": "k" * 129}], "over 128 bytes"),
        ([entry(start="chekin")], "no script is about"),
        ([{"name": "值机", "key": "/chekin"}], "no script is about"),
        ([{"name": "值机"}], "one of start, key, url, media_id and article_id"),
        ([entry(url="https://example.com")], "one of start, key, url, media_id and article_id"),
        ([{"name": "程序", "appid": "wx1"}], "mini program needs"),
        ([entry(colour="red")], "colour"),
        ({"button": []}, "tuple"),
    ],
)
def test_what_the_platform_or_the_scripts_do_not_allow_is_said(told: object, fault: str) -> None:
    with pytest.raises(BadMenu, match=fault) as raised:
        menu.menu(told, INTENTS, place="menu.yaml")
    assert str(raised.value).startswith("menu.yaml: ")


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "menu.yaml"
    file.write_text("- [")
    with pytest.raises(BadMenu, match=r"menu\.yaml"):
        menu.load(file, INTENTS)


def test_scripts_make_a_menu_of_two_at_the_top_and_five_in_the_third() -> None:
    titles = [("long", "开通航班变动提醒"), *((f"t{n}", f"业务{n}") for n in range(9))]
    one, two, more = menu.of_scripts(titles)["button"]
    assert (one["key"], two["key"]) == ("/t0", "/t1")
    keys = [button["key"] for button in more["sub_button"]]
    assert keys == ["/long", "/t2", "/t3", "/t4", "/t5"]


def test_few_scripts_need_no_third_entry() -> None:
    assert len(menu.of_scripts([("checkin", "值机")])["button"]) == 1


@pytest.mark.parametrize("kind", ["pic_photo_or_album", "pic_weixin", "location_select"])
def test_an_entry_with_a_key_may_have_each_type_of_the_platform(kind: str) -> None:
    told = [{"name": "发位置", "type": kind, "key": "where"}]
    assert menu.menu(told, (), place="here") == {"button": told}


@pytest.mark.parametrize("kind", ["media_id", "article_id"])
def test_the_platform_itself_may_answer_an_entry(kind: str) -> None:
    told = {"name": "公告", kind: "m1"}
    assert menu.menu([told], (), place="here") == {"button": [{"type": kind, **told}]}
    with pytest.raises(BadMenu, match="give one of"):
        menu.menu([{**told, "key": "k"}], (), place="here")
