"""What the company's own system is told of who asks: nothing, unless the script says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.business.http import Answer, HttpCall, told_as
from engine.dialog import checking
from engine.dialog.scripts import loading
from engine.store import Store
from tests.canteen import SCRIPT, Canteen, message, ready, turns_of, write

CALL = 'http: {url: "http://canteen.example", secret: canteen}'
OPENID = "oXyz-of-the-platform"


def alias(*, account: str = "a", openid: str = OPENID, secret: str = "s") -> str:
    call = HttpCall(url="http://canteen.example", secret="canteen", customer="alias")
    return told_as(call, account=account, openid=openid, secrets=lambda name: secret)["customer"]


def test_an_alias_is_the_same_each_time_and_another_one_for_each_customer() -> None:
    assert alias() == alias()
    assert len(alias()) == 32
    assert len({alias(), alias(openid="o2"), alias(account="b")}) == 3


def test_systems_of_two_secrets_cannot_tell_that_a_customer_is_the_same() -> None:
    assert alias() != alias(secret="t")
    assert OPENID not in alias()


class Listening:
    """The canteen's system: keeps what it was told."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []

    async def __call__(
        self, url: str, *, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> Answer:
        self.bodies.append(json.loads(body))
        return Answer(200, b'{"ok": {"portions": "2", "order_no": "B1"}}')


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("", {}),
        (", customer: openid", {"customer": "o"}),
        (", customer: alias", {"customer": alias(openid="o", secret="secret of canteen")}),
    ],
)
async def test_an_effect_tells_who_asks_as_its_script_says(
    store: Store, tmp_path: Path, key: str, told: dict[str, str]
) -> None:
    system = Listening()
    script = SCRIPT.replace("CALL", CALL.replace("}", f"{key}}}"))
    turns = await turns_of(store, tmp_path / "s", Canteen(), script=script, post=system)
    await ready(turns)
    await turns.take(message("好"))
    assert system.bodies == [{"portions": "2", **told}]


def test_an_argument_of_that_name_beside_it_is_found(tmp_path: Path) -> None:
    script = SCRIPT.replace("CALL", CALL.replace("}", ", customer: alias}"))
    script = script.replace("{portions: portions}", "{portions: portions, customer: portions}")
    write(tmp_path / "s", script)
    (problem,) = checking.check(loading.load(tmp_path / "s"), Canteen().business())
    assert "`customer` of the call tells that already" in str(problem)
