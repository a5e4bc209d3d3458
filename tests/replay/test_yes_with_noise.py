"""In every business that changes something, a yes beside another value does not do the old one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest

from tests.replay.conftest import Desk

YES = cycle(["好", "可以", "确认", "对", "行", "嗯好的", "没问题"])
OPENERS = {
    "topup": "给自己充50",
    "checkin": "帮我办明天CA1234的值机，12A",
    "pay_bill": "缴手机话费账单，全部",
    "follow_flight": "CA1234明天有变动告诉我",
    "follow_balance": "话费低于20提醒我",
    "unlink_member": "解除绑定",
}
NOISE = ["13900138000", "给王小明", "是给我老婆", "12F", "15排", "加到一百", "100", "不对"]
NOISE += ["先等等", "还有李四", "后天的", "MU5301", "从上海走"]


def _steps(opener: str) -> Iterator[str]:
    for noise in NOISE:
        yield from (f"  - say: {text}\n" for text in (opener, f"{next(YES)}，{noise}", "再见"))


@pytest.mark.parametrize("business", OPENERS)
async def test_nothing_is_done_by_a_yes_that_names_anything_else(desk: Desk, business: str) -> None:
    played = await desk.play("steps:\n" + "".join(_steps(OPENERS[business])))
    turns = list(played.exchanges.values())
    assert len(turns) == 3 * len(NOISE)
    for opened, answered in zip(turns[::3], turns[1::3], strict=True):
        assert opened.turned is not None
        assert opened.turned.decision.trace.asks == "confirm", opened.text
        assert not answered.effects, answered.inbound
