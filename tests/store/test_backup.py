"""Copies of a database that is in use."""

from __future__ import annotations

from pathlib import Path

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
