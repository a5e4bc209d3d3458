"""`banli wechat` against a platform on a loopback socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from engine.cli import app
from tests.channels.wechat.conftest import TOKEN, Platform, refusal
from tests.web.fakes import AES_KEY, APPID

MENU = "/cgi-bin/menu/create"
QR = "/cgi-bin/qrcode/create"
TICKET = {"ticket": "gQH47/+=", "expire_seconds": 60, "url": "http://weixin.qq.com/q/02"}

Run = Callable[..., Awaitable[Result]]


@pytest.fixture
def accounts(tmp_path: Path, platform: Platform) -> Path:
    folder = tmp_path / "accounts"
    folder.mkdir()
    (folder / "demo.toml").write_text(
        f'id = "gh_1"\nappid = "{APPID}"\nsecret = "secret"\ntoken = "token123"\n'
        f'aes_key = "{AES_KEY}"\napi_base = "{platform.url}"\n'
    )
    return folder


@pytest.fixture
def run(accounts: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command in a thread, beside the loop that the platform answers in."""
    monkeypatch.chdir(tmp_path)

    async def run(*words: str) -> Result:
        line = ["wechat", *words, "--accounts", str(accounts)]
        return await asyncio.to_thread(CliRunner().invoke, app, line)

    return run


async def test_the_menu_of_a_file_is_pushed(run: Run, platform: Platform, tmp_path: Path) -> None:
    file = tmp_path / "menu.yaml"
    file.write_text("- {name: 值机, start: checkin}\n")
    result = await run("menu", "push", "demo", str(file))
    assert result.exit_code == 0, result.output
    (call,) = platform.at(MENU)
    assert call.content == {"button": [{"type": "click", "name": "值机", "key": "/checkin"}]}
    assert call.token == "token1"


async def test_without_a_file_the_menu_is_made_of_the_scripts(run: Run, platform: Platform) -> None:
    shown = await run("menu", "push", "demo", "--dry-run")
    assert platform.at(MENU) == []
    assert (await run("menu", "push", "demo")).exit_code == 0
    (call,) = platform.at(MENU)
    assert json.loads(shown.output) == call.content
    assert len(call.content["button"]) == 3


async def test_a_menu_that_starts_nothing_is_not_pushed(
    run: Run, platform: Platform, tmp_path: Path
) -> None:
    file = tmp_path / "menu.yaml"
    file.write_text("- {name: 值机, start: chekin}\n")
    result = await run("menu", "push", "demo", str(file))
    assert result.exit_code == 1
    assert "chekin, which no script is about" in result.output
    assert platform.at(MENU) == []


async def test_the_menu_is_shown_and_taken_away(run: Run, platform: Platform) -> None:
    platform.answers["/cgi-bin/menu/get"] = [{"menu": {"button": []}}]
    assert json.loads((await run("menu", "show", "demo")).output) == {"menu": {"button": []}}
    assert (await run("menu", "delete", "demo")).exit_code == 0
    assert len(platform.at("/cgi-bin/menu/delete")) == 1


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ([], {"action_name": "QR_STR_SCENE", "expire_seconds": 30 * 86400}),
        (["--days", "0.5"], {"action_name": "QR_STR_SCENE", "expire_seconds": 43200}),
        (["--permanent"], {"action_name": "QR_LIMIT_STR_SCENE"}),
    ],
)
async def test_a_code_with_a_scene_is_made_and_drawn(
    run: Run, platform: Platform, tmp_path: Path, options: list[str], asked: dict[str, object]
) -> None:
    platform.answers[QR] = [TICKET]
    file = tmp_path / "code.png"
    result = await run("qr", "demo", "/checkin", "--out", str(file), *options)
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert told["picture"].endswith("/cgi-bin/showqrcode?ticket=gQH47%2F%2B%3D")
    scene = {"action_info": {"scene": {"scene_str": "/checkin"}}}
    assert platform.at(QR)[0].content == {**asked, **scene}
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["qr", "demo", "s" * 65], "1 to 64 characters"),
        (["qr", "demo", "s", "--days", "31"], "30 days"),
        (["user", "nobody", "o1"], "there is no account nobody; there are demo"),
    ],
)
async def test_what_cannot_be_is_said_in_one_line(run: Run, words: list[str], fault: str) -> None:
    result = await run(*words)
    assert result.exit_code == 1
    assert fault in result.output
    assert len(result.output.splitlines()) == 1


async def test_what_the_platform_knows_of_them_is_printed(run: Run, platform: Platform) -> None:
    platform.answers["/cgi-bin/user/info"] = [{"subscribe": 1, "openid": "o1"}]
    assert json.loads((await run("user", "demo", "o1")).output)["subscribe"] == 1
    assert platform.at("/cgi-bin/user/info")[0].query == {"openid": "o1", "lang": "zh_CN"}


async def test_quotas_are_begun_anew(run: Run, platform: Platform) -> None:
    assert (await run("clear-quota", "demo")).exit_code == 0
    assert platform.at("/cgi-bin/clear_quota")[0].content == {"appid": APPID}


async def test_a_refusal_of_the_platform_is_explained(run: Run, platform: Platform) -> None:
    platform.answers[TOKEN] = [refusal(40164)]
    result = await run("user", "demo", "o1")
    assert result.exit_code == 1
    assert "not in the IP white list" in result.output


async def test_a_check_that_finds_a_fault_fails(run: Run, platform: Platform) -> None:
    platform.answers[TOKEN] = [refusal(40125)]
    result = await run("check", "demo", "--json")
    assert result.exit_code == 1
    told = [json.loads(line) for line in result.output.splitlines()]
    assert {each["account"] for each in told} == {"demo"}
    assert any("40125" in each["what"] and each["grade"] == "fail" for each in told)
