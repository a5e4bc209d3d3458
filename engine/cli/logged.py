"""`banli replay --record`: a conversation from the store as a transcript."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from engine.settings import Settings
    from engine.store.conversation import Line


def record(
    settings: Settings,
    file: Path,
    openid: str,
    *,
    account: str,
    numbers: Sequence[str],
    member: str,
) -> int:
    """Write the conversation to the file; the exit status: 1 where it will not play as it is."""
    from engine.replay.logged import Logged

    lines, effects = asyncio.run(_kept(settings, account, openid))
    if not lines:
        typer.echo(f"banli replay: no conversation of {openid} is kept with {account}", err=True)
        return 1
    logged = Logged(file.stem, openid, lines, effects, numbers, member)
    file.write_text(logged.text(), encoding="utf-8")
    for gap in dict.fromkeys(logged.gaps):
        typer.echo(f"{file}: {gap}", err=True)
    return 1 if logged.gaps else 0


async def _kept(settings: Settings, account: str, openid: str) -> tuple[list[Line], list[str]]:
    from engine.store import conversation, ledger
    from engine.store.opening import open_store

    async with await open_store(settings) as store, store.reading() as reading:
        lines = await conversation.of(reading, account=account, openid=openid)
        done = await ledger.of(reading, account=account, openid=openid)
    return lines, [name for name, _ in done]
