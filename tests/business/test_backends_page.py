"""`docs/backends.md` is true: its examples are taken from the page and run."""

from __future__ import annotations

import importlib
import re
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from engine import assets
from engine.business.http import HttpCall, call
from engine.business.load import NotFound, load
from engine.business.provider import Business, Refused, Unavailable, Work
from engine.channels.http import HttpPost
from engine.dialog import checking
from engine.dialog.scripts import loading
from engine.store import Store

NOW = datetime(2026, 11, 23, 10, 0)
_BLOCK = re.compile(r"```(?:python|yaml)\n# (\S+)\n(.*?)```", re.DOTALL)


@pytest.fixture
def examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with every named example of the page, in which Python looks for modules."""
    page = (Path(__file__).parents[2] / "docs" / "backends.md").read_text("utf-8")
    names = []
    for name, content in _BLOCK.findall(page):
        (tmp_path / name).write_text(content, "utf-8")
        names.append(name)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in names:
        sys.modules.pop(name.removesuffix(".py"), None)


@pytest.fixture
async def billing(examples: Path) -> AsyncIterator[str]:
    server = TestServer(importlib.import_module("billing").app, host="127.0.0.1")
    await server.start_server()
    yield str(server.make_url("/effects/top-up"))
    await server.close()


async def test_the_tea_shop_sells_what_it_has(examples: Path, store: Store) -> None:
    shop = load("tea_shop:business")
    async with store.writing() as connection:
        for prepare in [*shop.preparations, *shop.preparations]:
            await prepare(connection, NOW)
        bought = [await _order(shop, connection, key) for key in ("k1", "k2")]
        assert bought == [{"tea": "龙井", "left": 1}, {"tea": "龙井", "left": 0}]
        with pytest.raises(Refused) as refusal:
            await _order(shop, connection, "k3")
        assert (refusal.value.reason, refusal.value.facts) == ("sold_out", {"tea": "龙井"})
        offered = await shop.queries["shop.offers"](Work(connection, NOW, "demo", "oTea"))
        assert {row["name"]: row["boxes"] for row in offered} == {"龙井": 0, "普洱": 9}


def test_the_scripts_of_the_page_have_no_fault(examples: Path) -> None:
    shutil.copy(assets.dialogs() / loading.PHRASES, examples)
    scripts = loading.load(examples)
    assert sorted(scripts.by_intent) == ["order_tea", "topup"]
    assert checking.check(scripts, load("tea_shop:business")) == []


async def test_the_declared_call_and_the_backend_understand_each_other(
    examples: Path, billing: str
) -> None:
    declared = _declared(examples, billing)
    first = await _top_up(declared, amount="100", key="k1")
    assert first == {"order_no": "T000001"}
    assert await _top_up(declared, amount="100", key="k1") == first
    assert await _top_up(declared, amount="100", key="k2") == {"order_no": "T000002"}


async def test_the_backend_refuses_in_its_own_words(examples: Path, billing: str) -> None:
    with pytest.raises(Refused) as refusal:
        await _top_up(_declared(examples, billing), amount="600", key="k1")
    assert (refusal.value.reason, refusal.value.facts) == ("too_much", {"most": "500"})


async def test_the_backend_trusts_no_other_secret(examples: Path, billing: str) -> None:
    with pytest.raises(Unavailable, match="403"):
        await _top_up(_declared(examples, billing), amount="100", key="k1", secret="guessed")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("tea_shop", "package.module:variable"),
        ("no_such_shop:business", "no_such_shop"),
        ("tea_shop:till", "no 'till'"),
        ("tea_shop:teas", "no Business"),
    ],
)
def test_a_business_that_is_not_there_is_named(examples: Path, name: str, says: str) -> None:
    with pytest.raises(NotFound, match=says):
        load(name)


async def _order(shop: Business, connection: Any, key: str) -> Any:
    return await shop.effects["shop.order"](Work(connection, NOW, "demo", "oTea", key), tea="龙井")


def _declared(examples: Path, url: str) -> HttpCall:
    shutil.copy(assets.dialogs() / loading.PHRASES, examples)
    script = loading.load(examples, only=["top_up_elsewhere"]).by_intent["topup"]
    assert script.answer.http is not None
    return HttpCall(**{**script.answer.http.model_dump(), "url": url})


async def _top_up(declared: HttpCall, *, amount: str, key: str, secret: str = "change me") -> Any:
    arguments = {"phone": "13812345678", "amount": amount}
    async with HttpPost() as post:
        return await call(declared, arguments, key=key, post=post, secrets=lambda _: secret)
