"""Two official accounts in one process: each has scripts, a model, a business and customers."""

from __future__ import annotations

import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from engine import assets, wiring
from engine.channels.wechat.xml import parse
from engine.settings import Settings
from engine.store.schema import sessions
from engine.web.app import create_app
from tests.web.fakes import NOW, TOKEN, Platform

BANK = """
from engine.business.provider import Business

business = Business("bank")


@business.query
async def balance(work):
    return [{"left": "88.00", "at": work.account}]
"""
SCRIPT = """\
intent: query_balance
title: 查余额
example: 卡里还剩多少钱
answer:
  query: bank.balance
  say: "{{ row.at }} 的卡里还有 {{ row.left }} 元。"
"""
#: The demo's account has all that it says nothing of from the settings.
DEMO = f'id = "gh_demo"\nappid = "wx1"\nsecret = "s"\ntoken = "{TOKEN}"\nmode = "plain"\n'
OWN = DEMO.replace("demo", "bank").replace("wx1", "wx2") + (
    'scripts = "../own"\nmodel = "../model"\nbusiness = "bank_of_tests:business"\n'
)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    accounts, own = tmp_path / "accounts", tmp_path / "own"
    accounts.mkdir()
    own.mkdir()
    (accounts / "demo.toml").write_text(DEMO)
    (accounts / "bank.toml").write_text(OWN)
    (own / "query_balance.yaml").write_text(SCRIPT)
    (tmp_path / "bank_of_tests.py").write_text(BANK)
    shutil.copytree(assets.models() / "nlu", tmp_path / "model")
    monkeypatch.syspath_prepend(tmp_path)
    return Settings(home=tmp_path / "home", accounts=accounts, speech_model=Path("off"))


@pytest.fixture
async def engine(settings: Settings) -> wiring.Engine:
    return await wiring.build(settings)


@pytest.fixture
async def platform(engine: wiring.Engine) -> AsyncIterator[Platform]:
    async def build() -> wiring.Engine:
        return engine

    app = create_app(
        build, public_url="https://example.com", name="banli-two-accounts", clock=lambda: NOW
    )
    app.config.TOUCHUP = False
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True)
    await server.startup()
    await server.before_start()
    host, port = listening.getsockname()
    async with aiohttp.ClientSession() as client:
        yield Platform(client, f"http://{host}:{port}")
    await server.close()
    await server.before_stop()
    await server.after_stop()


async def said(platform: Platform, to: str, words: str) -> str:
    status, answer = await platform.push(platform.text(words, to=to), to=to)
    assert status == 200
    return parse(answer.encode()).text("Content")


async def test_each_account_answers_from_its_own_and_forgets_only_its_own(
    platform: Platform, engine: wiring.Engine, tmp_path: Path
) -> None:
    assert "bank 的卡里还有 88.00 元" in await said(platform, "bank", "我还剩多少余额")
    assert "哪个手机号" in await said(platform, "demo", "我话费还剩多少")
    # The same openid is another customer at another account: no form is open there.
    assert "13812345678" not in await said(platform, "bank", "13812345678")
    assert {folder.resolve() for folder in engine.folders} >= {
        (tmp_path / "own").resolve(),
        (tmp_path / "model").resolve(),
    }
    assert (await platform.push(platform.text("你好", to="demo"), to="bank"))[0] == 400
    gone = platform.message(to="demo", MsgType="event", Event="unsubscribe")
    assert await platform.push(gone, to="demo") == (200, "success")
    async with engine.store.reading() as connection:
        left = (await connection.execute(select(sessions.c.account, sessions.c.openid))).all()
    assert [tuple(row) for row in left] == [("bank", "o1")]
