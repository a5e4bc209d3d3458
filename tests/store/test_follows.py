"""Who is told what becomes of something: once each, until they stop, also while keys change."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from engine.store import Store, follows
from engine.store.follows import Follower
from engine.store.keys import Ring
from engine.store.resealing import reseal

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OLD = "b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2w"
NEW = "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU"


async def follow(store: Store, about: str, *, openid: str = "o1", account: str = "demo") -> None:
    async with store.writing() as connection:
        await follows.follow(
            connection, account=account, openid=openid, notice="moved", about=about, now=NOW
        )


async def unfollow(store: Store, about: str) -> None:
    async with store.writing() as connection:
        await follows.unfollow(connection, account="demo", openid="o1", notice="moved", about=about)


async def followers(store: Store, about: str, notice: str = "moved") -> list[Follower]:
    async with store.reading() as connection:
        return await follows.followers(connection, accounts=["demo"], notice=notice, about=about)


async def test_everybody_who_follows_it_is_found_once(store: Store) -> None:
    for openid in ("o1", "o2", "o1"):
        await follow(store, "SF1", openid=openid)
    await follow(store, "SF1", account="other")
    await follow(store, "SF2", openid="o3")
    assert await followers(store, "SF1") == [("demo", "o1"), ("demo", "o2")]
    assert await followers(store, "SF1", "another") == []


async def test_what_a_customer_follows_is_told_in_order_until_they_stop(store: Store) -> None:
    for about in ("SF2", "SF1", "SF3"):
        await follow(store, about)
    await unfollow(store, "SF1")
    async with store.reading() as connection:
        kept = await follows.of(connection, account="demo", openid="o1", notice="moved")
    assert kept == ["SF2", "SF3"]


async def test_rows_of_a_former_key_are_found_before_and_after_they_are_sealed_anew(
    tmp_path: Path,
) -> None:
    file, both = f"sqlite:///{tmp_path}/banli.db", Ring.read(f"{NEW} {OLD}")
    async with await Store.open(file, ring=Ring.read(OLD)) as store:
        await follow(store, "13812345678")
    async with await Store.open(file, ring=both) as store:
        await follow(store, "13812345678", openid="o2")
        assert [each.openid for each in await followers(store, "13812345678")] == ["o1", "o2"]
        async for _ in reseal(store, both):
            pass
        await unfollow(store, "13812345678")
    async with await Store.open(file, ring=Ring.read(NEW)) as store:
        assert [each.openid for each in await followers(store, "13812345678")] == ["o2"]
