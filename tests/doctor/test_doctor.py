"""An installation is looked over: every fault is found, and said with its remedy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.doctor import examine
from engine.finding import Finding
from engine.settings import Settings
from engine.store import Store, outbox, schema, sessions
from engine.store.keys import fresh
from engine.store.opening import open_store
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


async def test_postgresql_is_looked_over_like_sqlite(home: Path, postgresql: Any) -> None:
    empty, address = postgresql.new(template="template1"), postgresql.new()
    ok = Finding("ok", "database: none yet, it is made at the first start")
    assert ok in await found(home, database=empty)
    assert Finding("ok", f"database: at {schema.HEAD}") in await found(home, database=address)
    assert faults(await found(home, database=address)) == []


async def test_a_postgresql_without_the_database_is_a_fault(home: Path, postgresql: Any) -> None:
    [what] = faults(await found(home, database=postgresql.address("nowhere")))
    assert what == 'database: cannot open the database nowhere: database "nowhere" does not exist'


async def test_a_postgresql_that_is_away_is_a_fault(home: Path, unused_tcp_port: int) -> None:
    address = f"postgresql://banli:geheim@127.0.0.1:{unused_tcp_port}/shop"
    [what] = faults(await found(home, database=address))
    assert what.startswith("database: cannot open the database shop: ")
    assert "geheim" not in what


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"rubbish", None], ids=["bytes", "text", "folder"]
)
async def test_keys_that_cannot_be_read_are_a_fault(home: Path, content: bytes | None) -> None:
    keys = home / "store.keys"
    keys.mkdir() if content is None else keys.write_bytes(content)
    [what] = faults(await found(home))
    assert what.startswith("store keys: ")


@pytest.mark.parametrize("now", ["other", "none"])
async def test_keys_that_do_not_open_the_database_are_a_fault(
    home: Path, address: str, now: str
) -> None:
    kept = settings(home) if address == "sqlite://" else settings(home, database=address)
    async with await open_store(kept) as store, store.writing() as connection:
        await sessions.save(
            connection, account="a", openid="o", state=b"{}", version=0, now=NOW, due=None
        )
    keys = home / "store.keys"
    keys.unlink()
    if now == "other":
        keys.touch(0o600)
        keys.write_text(fresh())
    [what] = faults(await found(home, database=kept.database))
    assert what.startswith("database: sessions.state: what key")
