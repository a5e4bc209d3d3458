"""An installation is looked over: every fault is found, and said with its remedy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.doctor import examine
from engine.finding import Finding
from engine.settings import Settings
from engine.store import Store, outbox
from tests.store.test_conversation import NOW

ACCOUNT = 'id = "gh_1"\nappid = "wx1"\nsecret = "s"\ntoken = "token"\nmode = "plain"\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "accounts").mkdir()
    file = tmp_path / "accounts" / "air.toml"
    file.touch(0o600)
    file.write_text(ACCOUNT)
    return tmp_path


def settings(home: Path, **more: object) -> Settings:
    told = {"home": home, "accounts": home / "accounts", "speech_model": Path("off"), "port": 0}
    return Settings.model_validate({"public_url": "https://chat.example.com", **told, **more})


async def found(home: Path, *, reaches: bool = False, **more: object) -> list[Finding]:
    return [each async for each in examine(settings(home, **more), reaches=reaches)]


def faults(findings: list[Finding]) -> list[str]:
    return [each.what for each in findings if each.grade == "fail"]


def test_a_new_installation_has_no_fault_and_no_file_more(home: Path) -> None:
    before = sorted(home.rglob("*"))
    assert faults(asyncio.run(found(home))) == []
    assert sorted(home.rglob("*")) == before


async def test_every_finding_that_is_not_ok_says_what_to_do(home: Path) -> None:
    findings = await found(home, public_url="http://127.0.0.1:8000", accounts=home / "none")
    assert any(each.grade == "fail" for each in findings)
    assert [each for each in findings if each.grade != "ok" and not each.remedy] == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"business": "no.such:business"}, "business: "),
        ({"dialogs": Path("no/dialogs")}, "scripts: "),
        ({"model": Path("no/model")}, "model: "),
        ({"speech_model": Path("no/voice")}, "voice: "),
        ({"database": "sqlite:////proc/banli.db"}, "database: "),
    ],
)
async def test_what_is_missing_is_a_fault(home: Path, fault: dict[str, object], said: str) -> None:
    if "database" in fault:
        (home / "broken.db").write_text("no database" * 100)
        fault = {"database": f"sqlite:///{home / 'broken.db'}"}
    [what] = faults(await found(home, **fault))
    assert what.startswith(said)


async def test_a_file_with_secrets_that_others_can_read_is_told(home: Path) -> None:
    (home / "accounts" / "air.toml").chmod(0o644)
    assert any("can be read by others" in each.what for each in await found(home))


async def test_a_database_of_a_newer_program_is_a_fault(home: Path) -> None:
    async with await Store.open(settings(home).database) as store, store.writing() as connection:
        await connection.execute(text("UPDATE banli_schema SET version_num = '9999'"))
    assert faults(await found(home)) == ["database: of a newer version (9999)"]


async def test_replies_that_were_given_up_are_told(home: Path) -> None:
    async with await Store.open(settings(home).database) as store, store.writing() as connection:
        await outbox.put(connection, account="air", openid="o", reply=b"{}", due=NOW)
        await outbox.failed(connection, 1, retry_at=None, error="45015")
    assert any("1 replies could not be sent" in each.what for each in await found(home))


@pytest.fixture
async def platform() -> AsyncIterator[int]:
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1") as server:
        yield server.sockets[0].getsockname()[1]


async def test_a_platform_is_called_on(home: Path, platform: int) -> None:
    file = home / "accounts" / "air.toml"
    file.write_text(f'{ACCOUNT}api_base = "http://127.0.0.1:{platform}"\n')
    assert Finding("ok", f"platform: http://127.0.0.1:{platform}") in await found(
        home, reaches=True
    )


async def test_a_platform_that_cannot_be_reached_is_a_fault(home: Path) -> None:
    file = home / "accounts" / "air.toml"
    file.write_text(f'{ACCOUNT}api_base = "http://127.0.0.1:1"\n')
    [what] = faults(await found(home, reaches=True))
    assert "cannot be reached" in what
