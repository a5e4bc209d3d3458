"""Counting what goes through the relay."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import aiohttp

from engine.bench.phones import Heard
from engine.bench.relay import Crowd, Figures, Load, Provider, measure


async def test_nothing_is_lost_or_doubled_when_the_provider_is_killed() -> None:
    steps: list[str] = []
    figures = await measure(Load(terminals=4, rate=20, seconds=2, down=0.2), told=steps.append)
    assert (figures.sent, figures.answered, figures.kills, figures.feeds) == (40, 40, 1, 4)
    assert figures.is_whole


async def test_lost_doubled_and_unseen_messages_are_told_apart(tmp_path: Path) -> None:
    provider = Provider(tmp_path)
    # 1 is as it should be, 2 was tried twice, 3 came as two messages, 4 was never seen.
    provider.notes.write_text("11\t1\n12\t2\n12\t2\n13\t3\n14\t3\n", "utf-8")
    heard = Heard(texts=Counter({"收到 1": 1, "收到 2": 2, "收到 3": 1}))
    heard.at = {"收到 1": 1.0, "收到 2": 2.0, "收到 3": 3.0}
    async with aiohttp.ClientSession() as client:
        crowd = Crowd(client, "", 0, heard=heard, said=dict.fromkeys("1234", 0.5))
        figures = crowd.figures(provider, cpu=0.4)

    assert (figures.lost, figures.doubled, figures.unseen, figures.repeats) == (1, 2, 1, 1)
    assert (figures.p50, figures.worst, figures.cpu) == (1500.0, 2500.0, 100.0)
    assert not figures.is_whole


def test_a_run_with_a_notice_is_not_whole() -> None:
    figures = Figures(1, 1, 0, 0, 0, 0, 1, 1, 1, 1.0, 1.0, 1.0, 1.0)
    assert not figures.is_whole
