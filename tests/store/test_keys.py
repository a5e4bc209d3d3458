"""What customers said is sealed: nobody reads it in the files, and keys can be changed."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, LargeBinary, Text, create_engine, text

from engine.settings import Settings
from engine.store import Store, StoreError, conversation, inbox, keys, ledger, schema, sessions
from engine.store.conversation import Line
from engine.store.errors import Unreadable
from engine.store.keys import Ring
from engine.store.migrate import VERSION_TABLE
from engine.store.opening import open_store, ring_of
from engine.store.resealing import census, reseal
from engine.store.sealing import Sealed

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PHONE = "13987654321"
OLD, NEW = keys.fresh(), keys.fresh()

#: Columns of words that nobody has to seal: names, keys and addresses, as `schema` says.
IN_CLEAR = {
    *("account", "openid", "key", "name", "kind", "id", "reason", "clerk", "author", "intent"),
    *("turn", "error", "notice", "digest", "media_id", "message", "template"),
}


@pytest.fixture
def file(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/banli.db"


async def fill(store: Store, *, openid: str = "o", doubtful: int = 2) -> None:
    """A row of every sort that matters, with the phone number in each."""
    owner = {"account": "a", "openid": openid}
    facts = {"phone": PHONE}
    lines = [Line(author="customer", text=PHONE, at=NOW, confidence=0.1, is_doubtful=True)]
    async with store.writing() as connection:
        state = PHONE.encode()
        await sessions.save(connection, **owner, state=state, version=0, now=NOW)
        await inbox.record(
            connection, key=f"k{openid}", **owner, answer=state, now=NOW, heard=PHONE
        )
        await ledger.record(
            connection, key=openid, **owner, name="e", arguments=facts, result=facts, now=NOW
        )
        await conversation.add(connection, lines * doubtful, **owner)


def bytes_beside(file: str) -> bytes:
    folder = Path(file.removeprefix("sqlite:///")).parent
    return b"".join(each.read_bytes() for each in folder.glob("banli.db*"))


async def test_nothing_sealed_is_in_the_files_while_open_and_after(file: str) -> None:
    async with await Store.open(file, ring=Ring.read(OLD)) as store:
        await fill(store)
        assert b"sessions" in bytes_beside(file)
        assert PHONE.encode() not in bytes_beside(file)
    assert PHONE.encode() not in bytes_beside(file)


async def test_without_a_ring_it_would_be_found(file: str) -> None:
    async with await Store.open(file) as store:
        await fill(store)
        assert PHONE.encode() in bytes_beside(file)


def test_every_column_of_words_or_bytes_is_sealed_or_known_to_be_in_clear() -> None:
    for table in schema.metadata.sorted_tables:
        for column in () if table in schema.OWN else table.columns:
            is_open = isinstance(column.type, Text | LargeBinary) or type(column.type).__name__ in (
                "String",
                "JSON",
            )
            assert not is_open or column.name in IN_CLEAR, f"{table.name}.{column.name}"


def test_a_place_is_the_column_that_it_names() -> None:
    for table in schema.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed):
                moved = {"choices.buttons": "api_messages.answer"}
                name = f"{table.name}.{column.name}"
                assert column.type.place == moved.get(name, name)


async def test_what_was_sealed_is_read_with_the_key_and_not_with_another(file: str) -> None:
    async with await Store.open(file, ring=Ring.read(OLD)) as store:
        await fill(store)
    ring = Ring.read(f"{NEW} {OLD}")
    async with await Store.open(file, ring=ring) as store, store.reading() as reading:
        assert (await sessions.load(reading, account="a", openid="o")).state == PHONE.encode()
        assert await ledger.find(reading, "o") == {"phone": PHONE}
    for wrong in (Ring.read(NEW), None):
        async with await Store.open(file, ring=wrong) as store, store.reading() as reading:
            with pytest.raises(Unreadable, match=Ring.read(OLD).names[0]):
                await sessions.load(reading, account="a", openid="o")


async def test_a_value_that_was_moved_or_changed_is_not_read() -> None:
    ring = Ring.read(OLD)
    kept = ring.seal(b"x", b"sessions.state")
    with pytest.raises(Unreadable, match="damaged"):
        ring.open(kept, b"ledger.result")
    with pytest.raises(Unreadable, match="damaged"):
        ring.open(kept[:-1] + bytes([kept[-1] ^ 1]), b"sessions.state")


async def test_old_rows_are_sealed_anew_and_the_old_key_can_go(file: str) -> None:
    both = Ring.read(f"{NEW},{OLD}")
    async with await Store.open(file) as store:
        await fill(store, openid="clear")
    async with await Store.open(file, ring=Ring.read(OLD)) as store:
        await fill(store)
        assert set(await census(store)) == {"", Ring.read(OLD).names[0]}
    async with await Store.open(file, ring=both) as store:
        assert sum([rows async for rows in reseal(store, both)]) == 10
        assert [rows async for rows in reseal(store, both)] == []
        assert set(await census(store)) == {both.names[0]}
        async with store.writing() as connection:
            await connection.execute(text("DELETE FROM inbox"))
    async with await Store.open(file, ring=Ring.read(NEW)) as store, store.reading() as reading:
        assert (await sessions.load(reading, account="a", openid="o")).state == PHONE.encode()


async def test_sealing_goes_on_where_it_was_stopped(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.store.resealing.BATCH", 1)
    both = Ring.read(f"{NEW} {OLD}")
    async with await Store.open(file, ring=Ring.read(OLD)) as store:
        for number in range(3):
            await fill(store, openid=str(number), doubtful=0)
    async with await Store.open(file, ring=both) as store:
        stopped = reseal(store, both)
        assert [await anext(stopped) for _ in range(4)] == [1, 1, 1, 1]
        await stopped.aclose()
        assert sum([rows async for rows in reseal(store, both)]) == 9 - 4


async def test_the_same_words_are_counted_together_while_keys_change(file: str) -> None:
    async with await Store.open(file, ring=Ring.read(OLD)) as store:
        await fill(store)
    both = Ring.read(f"{NEW} {OLD}")
    async with await Store.open(file, ring=both) as store:
        await fill(store, openid="p")
        async for _ in reseal(store, both):
            pass
        async with store.writing() as connection:
            assert [each.times for each in await conversation.doubtful(connection)] == [4]
            assert await conversation.settle(connection, account="a", text=PHONE)
            assert await conversation.doubtful(connection) == []


async def test_words_of_two_keys_are_settled_together(file: str) -> None:
    async with await Store.open(file, ring=Ring.read(OLD)) as store:
        await fill(store)
    async with await Store.open(file, ring=Ring.read(f"{NEW} {OLD}")) as store:
        await fill(store, openid="p")
        async with store.writing() as connection:
            assert len(await conversation.doubtful(connection)) == 2
            assert await conversation.settle(connection, account="a", text=PHONE)
            assert await conversation.doubtful(connection) == []


def settings(home: Path, **more: str) -> Settings:
    return Settings(home=home, **more)


def test_a_ring_is_made_at_the_first_start_for_its_owner_only(tmp_path: Path) -> None:
    told = settings(tmp_path / "home")
    assert ring_of(told).names == ring_of(told).names
    assert told.key_file.stat().st_mode & 0o077 == 0
    assert [each.name for each in told.home.iterdir()] == ["store.keys"]


def test_settings_may_hold_the_ring_and_then_no_file_is_made(tmp_path: Path) -> None:
    told = settings(tmp_path, store_keys=f"{NEW},\n{OLD}  # until June")
    assert ring_of(told).names == Ring.read(f"{NEW} {OLD}").names
    assert not told.key_file.exists()
    assert NEW not in repr(told)


WRONG = {
    "short": "short",
    "only a remark": "#",
    "no ASCII": "ä",
    "cut off": OLD[:-4],
    "with a rest": f"{OLD} x",
}


# With ids: the keys are drawn anew in every process of a test run, whose tests must be the same.
@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_ring_that_is_none_is_refused_without_being_told(wrong: str) -> None:
    with pytest.raises(StoreError, match="banli keys new") as refusal:
        Ring.read(wrong)
    assert OLD[:8] not in str(refusal.value)


async def test_an_installation_whose_key_is_lost_does_not_start(tmp_path: Path) -> None:
    told = settings(tmp_path)
    async with await open_store(told) as store:
        await fill(store)
    told.key_file.unlink()
    with pytest.raises(Unreadable, match="BANLI_STORE_KEYS"):
        await open_store(told)


def banli(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from engine.cli import main; main()", *arguments],
        env={**os.environ, "BANLI_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_keys_are_changed_from_the_command_line(tmp_path: Path) -> None:
    told = settings(tmp_path)
    async with await open_store(told) as store:
        await fill(store)
    [before] = ring_of(told).names
    assert banli(tmp_path, "keys", "new").returncode == 0
    after = ring_of(told).names
    assert after[1:] == (before,)
    assert "5 rows" in banli(tmp_path, "keys", "rotate").stderr
    listed = banli(tmp_path, "keys", "list").stdout.split()
    assert listed == [after[0], "7", before, "0"]
    assert told.key_file.stat().st_mode & 0o077 == 0


def test_a_new_key_for_the_environment_is_printed_and_kept_nowhere(tmp_path: Path) -> None:
    made = banli(tmp_path, "keys", "new", BANLI_STORE_KEYS=OLD)
    assert Ring.read(made.stdout).names[0] in made.stderr
    assert list(tmp_path.iterdir()) == []


async def test_rows_from_before_sealing_are_read_and_then_sealed(file: str) -> None:
    def old(sync: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", "engine.store:migrations")
        config.attributes.update(connection=sync, version_table=VERSION_TABLE)
        command.upgrade(config, "0006")
        sync.exec_driver_sql(
            "INSERT INTO ledger (key, account, openid, name, arguments, result, at)"
            """ VALUES ('k', 'a', 'o', 'e', '{"phone": "139"}', '{"名": 1}', 0)"""
        )
        sync.exec_driver_sql(
            "INSERT INTO conversation (account, openid, at, author, text, confidence, is_doubtful)"
            " VALUES ('a', 'o', 0, 'customer', '在吗', 0.1, 1)"
        )

    before = create_engine(file)
    with before.begin() as sync:
        old(sync)
    before.dispose()
    ring = Ring.read(NEW)
    async with await Store.open(file, ring=ring) as store:
        for _ in range(2):
            async with store.reading() as reading:
                assert await ledger.of(reading, account="a", openid="o") == [
                    ("e", {"phone": "139"})
                ]
                assert await ledger.find(reading, "k") == {"名": 1}
                assert [each.text for each in await conversation.doubtful(reading)] == ["在吗"]
            async for _ in reseal(store, ring):
                pass
        assert set(await census(store)) == {ring.names[0]}
