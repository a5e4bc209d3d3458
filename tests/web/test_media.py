"""Pictures over HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import Any

from engine.store import Store, pictures
from engine.store.forget import forget
from engine.web.media import MOST
from tests.web.conftest import Serve
from tests.web.fakes import NOW, Platform, account


async def keep(store: Store, id: str) -> None:
    async with store.writing() as connection:
        await pictures.put(
            connection,
            id=id,
            account="plain",
            openid="o1",
            kind="seat_map",
            model={"row": 12},
            now=NOW,
        )


async def test_a_kept_picture_is_drawn_for_whoever_knows_its_id(
    platform: Platform, store: Store
) -> None:
    await keep(store, "Ab_3-x")
    async with platform.client.get(f"{platform.url}/media/Ab_3-x.png") as response:
        assert response.status == 200
        assert response.content_type == "image/png"
        assert response.headers["Cache-Control"].startswith("private, max-age=")
        assert await response.read() == b"seat_map {'row': 12}"


async def test_a_picture_is_drawn_once(serve: Serve, store: Store) -> None:
    drawn = []

    def draw(kind: str, model: Mapping[str, Any]) -> bytes:
        drawn.append(kind)
        return b"png"

    await keep(store, "p1")
    async with serve(account("plain"), draw=draw) as platform:
        for _ in range(3):
            async with platform.client.get(f"{platform.url}/media/p1.png") as response:
                assert await response.read() == b"png"
    assert drawn == ["seat_map"]


async def test_unknown_pictures_are_not_found(platform: Platform) -> None:
    for path in ("nothing.png", "nothing", "a.b.png", f"{'x' * 65}.png"):
        async with platform.client.get(f"{platform.url}/media/{path}") as response:
            assert response.status == 404


async def test_pictures_of_a_forgotten_customer_are_gone_although_they_were_drawn(
    platform: Platform, store: Store
) -> None:
    await keep(store, "p1")
    async with platform.client.get(f"{platform.url}/media/p1.png") as response:
        assert response.status == 200
    async with store.writing() as connection:
        await forget(connection, account="plain", openid="o1")
    async with platform.client.get(f"{platform.url}/media/p1.png") as response:
        assert response.status == 404


async def test_whoever_comes_to_a_full_pool_is_told_at_once_and_served_later(
    serve: Serve, store: Store
) -> None:
    drawn, goes_on = [], threading.Event()

    def draw(kind: str, model: Mapping[str, Any]) -> bytes:
        drawn.append(kind)
        goes_on.wait()
        return b"png"

    for number in range(MOST + 1):
        await keep(store, f"p{number}")
    async with serve(account("plain"), draw=draw) as platform:

        async def look(number: int) -> int:
            url = f"{platform.url}/media/p{number}.png"
            async with platform.client.get(url) as response:
                return response.status

        async def in_work() -> str:
            async with platform.client.get(f"{platform.url}/metrics") as response:
                return await response.text()

        looks = [asyncio.create_task(look(number)) for number in range(MOST)]
        while f'banli_pool{{pool="draw"}} {MOST}.0' not in await in_work():
            pass
        assert await look(MOST) == 503
        goes_on.set()
        assert set(await asyncio.gather(*looks)) == {200}
        assert await look(MOST) == 200
    assert len(drawn) == MOST + 1
