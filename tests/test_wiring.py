"""Building a provider: what is wrong is said before anything is opened."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import structlog

from engine import assets, wiring
from engine.business.http import NoSecret
from engine.dialog.errors import ScriptError
from engine.message import Inbound
from engine.nlu.errors import ModelError
from engine.settings import Settings, SettingsError
from engine.speech.errors import NoModel

ACCOUNT = 'id = "gh_1"\nappid = "wx1"\nsecret = "s"\ntoken = "token"\nmode = "plain"\n'
SCRIPT = """\
intent: topup
title: 充话费
example: 充话费
slots:
  amount: {type: money, ask: 充多少？}
confirm: 充 {{ amount }} 元，可以吗？
answer:
  http: {url: "https://example.com/top-up", secret: top-up}
  with: {amount: amount}
  say: 充好了。
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a new home with two accounts, the second with scripts of its own."""
    accounts, own = tmp_path / "accounts", tmp_path / "own"
    accounts.mkdir()
    own.mkdir()
    (accounts / "demo.toml").write_text(ACCOUNT)
    (accounts / "own.toml").write_text(ACCOUNT.replace("gh_1", "gh_2") + 'scripts = "../own"\n')
    (own / "topup.yaml").write_text(SCRIPT)
    return Settings(home=tmp_path / "home", accounts=accounts)


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The secret that the second account's script needs."""
    monkeypatch.setenv("BANLI_SECRET_TOP_UP", "s")


async def said(engine: wiring.Engine, account: str, text: str) -> str:
    inbound = Inbound(
        account=account, openid="o", key=f"{account}{text}", at=wiring.clock(), text=text
    )
    return "\n".join(reply.text for reply in await engine.turns[account].take(inbound))


@pytest.mark.usefixtures("secret")
async def test_every_account_answers_by_its_own_scripts(settings: Settings) -> None:
    engine = await wiring.build(settings)
    try:
        assert "138****5678" in await said(engine, "demo", "给13812345678充一百")
        assert await said(engine, "own", "充话费") == "充多少？"
        assert "还帮不上" in await said(engine, "own", "CA1234几点起飞")
    finally:
        await engine.close()


@pytest.mark.usefixtures("secret")
async def test_machines_that_begin_at_once_on_an_empty_database_all_serve(
    settings: Settings, postgresql: Any
) -> None:
    shared = settings.model_copy(update={"database": postgresql.new()})
    begun = await asyncio.gather(*(wiring.build(shared) for _ in range(3)), return_exceptions=True)
    engines = [engine for engine in begun if isinstance(engine, wiring.Engine)]
    for engine in engines:
        await engine.close()
    assert [engine for engine in begun if engine not in engines] == []


async def test_a_missing_secret_names_its_variable(settings: Settings) -> None:
    with pytest.raises(NoSecret, match="BANLI_SECRET_TOP_UP"):
        await wiring.build(settings)
    assert not settings.home.exists()


@pytest.mark.usefixtures("secret")
async def test_a_slip_in_a_script_names_file_and_line_before_anything_is_opened(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "own" / "topup.yaml"
    file.write_text(SCRIPT.replace("amount }}", "amuont }}"))
    with pytest.raises(ScriptError, match=r"own/topup\.yaml:6: .*did you mean `amount`"):
        await wiring.build(settings)
    assert not settings.home.exists()


@pytest.mark.usefixtures("secret")
async def test_a_missing_model_names_the_command_that_makes_it(
    settings: Settings, tmp_path: Path
) -> None:
    without = settings.model_copy(update={"model": tmp_path / "none"})
    with pytest.raises(ModelError, match="banli train --out"):
        await wiring.build(without)
    assert not settings.home.exists()


@pytest.mark.usefixtures("secret")
async def test_a_missing_model_of_speech_that_was_asked_for_is_told(
    settings: Settings, tmp_path: Path
) -> None:
    without = settings.model_copy(update={"speech_model": tmp_path / "none"})
    with pytest.raises(NoModel, match="none"):
        await wiring.build(without)
    assert not settings.home.exists()


async def ears_of(settings: Settings) -> tuple[object, list[str]]:
    """The ears, and why there are none, as it is logged."""
    with structlog.testing.capture_logs() as logged:
        async with AsyncExitStack() as stack:
            ears = await wiring.ears_of(settings, stack)
    return ears, [entry["why"] for entry in logged]


async def test_voice_can_be_turned_off(settings: Settings) -> None:
    off = settings.model_copy(update={"speech_model": Path("off")})
    assert await ears_of(off) == (None, ["BANLI_SPEECH_MODEL=off"])


async def test_an_installation_without_the_shipped_model_says_once_that_it_does_not_hear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "models", lambda: tmp_path)
    without = Settings(home=tmp_path)
    assert await ears_of(without) == (None, [f"there is no model in {without.speech_model}"])


async def test_no_account_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds no account"):
        await wiring.build(Settings(accounts=tmp_path))


def test_the_shipped_scripts_and_model_are_where_the_settings_look(settings: Settings) -> None:
    assert settings.dialogs == assets.dialogs()
    assert (settings.model / "card.json").is_file()


@pytest.mark.usefixtures("secret")
async def test_scripts_are_read_anew_all_or_none(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "own" / "topup.yaml"
    engine = await wiring.build(settings)
    try:
        assert file.parent in {folder.resolve() for folder in engine.folders}
        file.write_text(SCRIPT.replace("充多少？", "充值金额？"))
        await engine.reload()
        assert await said(engine, "own", "充话费") == "充值金额？"
        file.write_text(SCRIPT.replace("type: money", "type: mony"))
        with pytest.raises(ScriptError, match=r"own/topup\.yaml:5: "):
            await engine.reload()
        assert "充值金额？" in await said(engine, "own", "再说一遍")
    finally:
        await engine.close()
