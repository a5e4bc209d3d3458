"""Copies of a database that is in use."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.store import Store, StoreError
from engine.store.backup import back_up, restore
from engine.store.store import found_at
from tests.store.test_conversation import said, words_of


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'banli.db'}"


async def test_a_backup_has_what_was_committed_while_the_store_is_open(tmp_path: Path) -> None:
    async with await Store.open(address(tmp_path)) as store:
        await said(store, "一")
        back_up(address(tmp_path), tmp_path / "copy.db")
        await said(store, "二")
    restore(address(tmp_path), tmp_path / "copy.db", aside=tmp_path / "old.db")
    assert await words_of(address(tmp_path)) == ["一"]
    assert await words_of(f"sqlite:///{tmp_path / 'old.db'}") == ["一", "二"]


async def test_a_backup_replaces_nothing(tmp_path: Path) -> None:
    async with await Store.open(address(tmp_path)):
        (tmp_path / "copy.db").write_text("mine")
        with pytest.raises(StoreError, match="replaces nothing"):
            back_up(address(tmp_path), tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


async def test_a_database_in_use_is_not_replaced(tmp_path: Path) -> None:
    async with await Store.open(address(tmp_path)) as store:
        await said(store, "一")
        back_up(address(tmp_path), tmp_path / "copy.db")
        with pytest.raises(StoreError, match="in use"):
            restore(address(tmp_path), tmp_path / "copy.db", aside=tmp_path / "old.db")
        await said(store, "二")
    assert await words_of(address(tmp_path)) == ["一", "二"]


async def test_a_database_is_not_replaced_unasked(tmp_path: Path) -> None:
    async with await Store.open(address(tmp_path)):
        back_up(address(tmp_path), tmp_path / "copy.db")
    with pytest.raises(StoreError, match="--replace"):
        restore(address(tmp_path), tmp_path / "copy.db")


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + bytes(500)])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(content)
    with pytest.raises(StoreError, match=r"copy\.db"):
        restore(address(tmp_path), copy)
    assert not (tmp_path / "banli.db").exists()


def test_there_is_nothing_to_copy_where_there_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database"):
        back_up(address(tmp_path), tmp_path / "copy.db")


async def test_looking_at_a_database_makes_none(tmp_path: Path) -> None:
    assert await found_at(address(tmp_path)) is None
    assert not (tmp_path / "banli.db").exists()


async def test_postgresql_is_copied_by_the_lines_that_are_told(postgresql: Any) -> None:
    source, target = postgresql.new(), postgresql.new(template="template1")
    copy = postgresql.folder / "copy.dump"
    async with await Store.open(source) as store:
        await said(store, "一")
        postgresql.run(*told(back_up, source, copy))
        await said(store, "二")
    postgresql.run(*told(restore, target, copy))
    assert await words_of(target) == ["一"]
    postgresql.run(*told(restore, source, copy))
    assert await words_of(source) == ["一"]


def told(copying: Callable[[str, Path], None], address: str, copy: Path) -> list[str]:
    """The line that is said instead, in words."""
    with pytest.raises(StoreError, match="SQLite only") as refusal:
        copying(address, copy)
    return shlex.split(str(refusal.value).partition("here: ")[2])


@pytest.mark.parametrize("copying", [back_up, restore], ids=["backup", "restore"])
def test_no_password_is_told(tmp_path: Path, copying: Callable[[str, Path], None]) -> None:
    line = told(copying, "postgresql://banli:geheim@db.example.com/shop", tmp_path / "copy")
    assert "--dbname=postgresql://banli@db.example.com/shop" in line
