"""What the platform pushes and answers, sample by sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.channels.wechat import door, wire
from engine.channels.wechat.errors import ApiError, ApiRefused
from engine.channels.wechat.xml import parse

SAMPLES = Path(__file__).parent / "samples"


def samples(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((SAMPLES / name).read_text("utf-8")))


PUSHES, ANSWERS = samples("pushes.yaml"), samples("answers.yaml")


def test_there_are_enough_of_them() -> None:
    assert (len(PUSHES) >= 56, len(ANSWERS) >= 17) == (True, True)
    assert len({push["name"] for push in PUSHES}) == len(PUSHES)


@pytest.mark.parametrize("push", PUSHES, ids=lambda push: push["name"])
def test_a_push_is_read_as_it_is_meant(push: dict[str, Any]) -> None:
    inbound = wire.read(parse(push["xml"].encode()), account="airline")
    assert {name: getattr(inbound, name) for name in push["told"]} == push["told"]
    assert wire.wants_turn(inbound) is push["turn"]
    assert inbound.openid == "oUx3k1QeT7mWz9LpRv2Yb4Nc6Hd8"


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer["name"])
def test_an_answer_of_the_api_is_read_or_says_what_is_wrong(answer: dict[str, Any]) -> None:
    status, body = answer["status"], answer["body"].encode()
    if answer["fails"] is None:
        assert door.read(status, body).get("errcode", 0) == 0
        return
    with pytest.raises(ApiError) as raised:
        door.read(status, body)
    code = raised.value.code if isinstance(raised.value, ApiRefused) else "unreachable"
    assert code == answer["fails"]
