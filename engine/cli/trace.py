"""`banli trace`: how a turn went, from what the store keeps of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from engine.settings import Settings
    from engine.store.conversation import Line

#: Of a trace, what is told on lines of its own, in this order.
_FIELDS = (
    "voice",
    "intents",
    "entities",
    "before",
    "slots",
    "changed",
    "task",
    "asks",
    "repair",
    "reject",
    "done",
    "resumes",
    "handoff",
    "pictures",
    "links",
    "ms",
)


def trace(
    turn: Annotated[
        str, typer.Argument(help="The turn as logs name it; the last ones if left out.")
    ] = "",
    most: Annotated[int, typer.Option("--last", help="How many of the last turns.")] = 20,
    database: Annotated[
        str | None, typer.Option(help="Address of the database.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, a line each.")] = False,
) -> None:
    """Say how a turn went: what was understood, what changed, what was answered, how fast."""
    from engine.settings import load_settings

    lines = asyncio.run(_lines(load_settings(database=database), turn, most))
    if not lines:
        typer.echo(
            "banli trace: " + (f"no turn {turn} is kept" if turn else "no turn yet"), err=True
        )
        raise typer.Exit(1)
    for told in _as_json(lines) if as_json else _whole(lines) if turn else _list(lines):
        typer.echo(told)


async def _lines(settings: Settings, turn: str, most: int) -> list[Line]:
    from engine.store import conversation
    from engine.store.opening import open_store

    async with await open_store(settings) as store, store.reading() as reading:
        if turn:
            return await conversation.of_turn(reading, turn)
        return await conversation.last_turns(reading, most=most)


def _list(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        trace = line.trace or {}
        took = sum(trace.get("ms", {}).values())
        what = trace.get("done") or trace.get("task") or trace.get("intent", "")
        at = line.at.astimezone().strftime("%m-%d %H:%M:%S")
        how = f"{trace.get('rule', ''):14} {what:16}"
        yield f"{line.turn}  {at}  {took:6.1f} ms  {how} {_brief(line)}"


def _brief(line: Line) -> str:
    return line.text.replace("\n", " ")[:40]


def _whole(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        yield f"{line.author:9} {line.text}"
    trace = next((line.trace for line in lines if line.trace), {})
    yield f"{'rule':9} {trace.get('rule', '')}"
    yield from (f"{name:9} {_shown(trace[name])}" for name in _FIELDS if name in trace)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{name}={each}" for name, each in value.items())
    if isinstance(value, list):
        return "  ".join(
            " ".join(map(str, each)) if isinstance(each, list) else each for each in value
        )
    return str(value)


def _as_json(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        told: dict[str, Any] = {"turn": line.turn, "at": line.at.isoformat()}
        told |= {"author": line.author, "text": line.text}
        if line.trace:
            told["trace"] = line.trace
        yield json.dumps(told, ensure_ascii=False)
