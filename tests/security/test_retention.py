"""What is old goes by itself, and of who leaves nothing stays."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from engine.message import Inbound
from engine.settings import Keep, SettingsError, load_settings
from engine.store import Store, conversation, pictures, schema
from engine.store.retention import expire
from tests.canteen import HERE, SCRIPT, Canteen, message, turns_of
from tests.store.test_keys import NOW, PHONE, fill

KINDS = {
    "sessions": schema.sessions,
    "answers": schema.inbox,
    "ledger": schema.ledger,
    "pictures": schema.pictures,
    "conversation": schema.conversation,
}
YEARS = dict.fromkeys(Keep.model_fields, 9999)


async def count(store: Store, name: str) -> int:
    async with store.reading() as connection:
        query = select(func.count()).select_from(KINDS[name])
        return await connection.scalar(query) or 0


async def fill_all(store: Store) -> None:
    await fill(store, doubtful=1)
    async with store.writing() as connection:
        owner = {"account": "a", "openid": "o"}
        await pictures.put(connection, id="p", **owner, kind="k", model={}, now=NOW)


def test_every_kind_of_the_settings_is_tried_here() -> None:
    assert set(Keep.model_fields) == {*KINDS, "traces"}


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_old_goes_and_nothing_else(store: Store, kind: str) -> None:
    await fill_all(store)
    kept = {**YEARS, kind: 7}
    on_the_day = await expire(store, kept, now=NOW + timedelta(days=7))
    assert not any(on_the_day.values())
    gone = await expire(store, kept, now=NOW + timedelta(days=7, seconds=1))
    assert {name for name, rows in gone.items() if rows} == {kind}
    assert {name for name in KINDS if not await count(store, name)} == {kind}


async def test_how_a_turn_went_goes_before_what_was_said(store: Store) -> None:
    line = conversation.Line(author="customer", text="x", at=NOW, turn="t", trace={"rule": "r"})
    async with store.writing() as connection:
        await conversation.add(connection, [line], account="a", openid="o")
    gone = await expire(store, {**YEARS, "traces": 1}, now=NOW + timedelta(days=2))
    assert gone["traces"] == 1
    async with store.reading() as connection:
        [kept] = await conversation.of_turn(connection, "t")
    assert (kept.text, kept.trace) == ("x", None)


async def test_more_than_a_batch_goes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.store.retention.BATCH", 2)
    for number in range(5):
        await fill(store, openid=str(number), doubtful=0)
    assert (await expire(store, {**YEARS, "sessions": 1}, now=NOW + timedelta(days=2)))[
        "sessions"
    ] == 5


@pytest.mark.parametrize("told", ["answers=3, traces=2", "answers=3,traces=2"])
def test_the_days_are_set_by_a_variable(told: str, tmp_path: Path) -> None:
    keep = load_settings(environment={"BANLI_KEEP": told}, file=tmp_path / "none").keep
    assert (keep.answers, keep.traces, keep.ledger) == (3, 2, 730)


@pytest.mark.parametrize("told", ["answers=0", "answers=x", "nothing=3"])
def test_days_that_are_none_are_refused(told: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="BANLI_KEEP"):
        load_settings(environment={"BANLI_KEEP": told}, file=tmp_path / "none")


def found_in(home: Path, what: str) -> list[str]:
    """Where a text is: in which column of which table of a database, or in which file."""
    places: list[str] = []
    for file in home.rglob("*"):
        if file.suffix == ".db":
            with sqlite3.connect(file) as opened:
                tables = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                for (table,) in tables.fetchall():
                    rows = opened.execute(f"SELECT * FROM {table}")
                    columns = [column for column, *_ in rows.description]
                    places += [
                        f"{table}.{name}"
                        for row in rows
                        for name, value in zip(columns, row, strict=True)
                        if what.encode() in _bytes(value)
                    ]
        elif file.is_file() and not file.name.startswith("banli.db"):
            places += [file.name] * (what.encode() in file.read_bytes())
    return places


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


async def test_of_who_leaves_nothing_is_found_in_any_table_or_file(tmp_path: Path) -> None:
    openid = "oLeaves0123456789"

    def said(text: str, key: str = "", **more: str) -> Inbound:
        return msgspec.structs.replace(message(text, key or text, **more), openid=openid)

    # Without a ring, so that everything can be read.
    async with await Store.open(f"sqlite:///{tmp_path}/banli.db") as store:
        turns = await turns_of(
            store, tmp_path / "scripts", Canteen(), script=SCRIPT.replace("CALL", HERE)
        )
        for text in ("我要订餐", "2", "好", PHONE):
            await turns.take(said(text))
        before = found_in(tmp_path, openid)
        tables = ("sessions", "inbox", "ledger", "conversation")
        assert {f"{table}.openid" for table in tables} <= set(before)
        await turns.take(said("", "bye", event="unsubscribe"))
        assert found_in(tmp_path, openid) == []
        assert found_in(tmp_path, PHONE) == []


def forget(home: Path, openid: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from engine.cli import main; main()", "forget", openid],
        env={**os.environ, "BANLI_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_a_customer_is_forgotten_from_the_command_line(tmp_path: Path) -> None:
    async with await Store.open(f"sqlite:///{tmp_path}/banli.db") as store:
        await fill(store, openid="oLeaves")
        await fill(store, openid="oStays")
    first = forget(tmp_path, "oLeaves")
    assert (first.returncode, first.stderr) == (0, "banli forget: forgotten with a\n")
    assert found_in(tmp_path, "oLeaves") == []
    assert "sessions.openid" in found_in(tmp_path, "oStays")
    again = forget(tmp_path, "oLeaves")
    assert (again.returncode, again.stderr) == (
        1,
        "banli forget: nothing is kept of this customer\n",
    )
