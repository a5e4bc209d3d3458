"""`banli replay --update`: transcripts brought to what the engine does now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from engine.replay.updating import Updated
    from engine.settings import Settings


async def bring_up_to_date(files: list[Path], settings: Settings, *, asks: bool) -> int:
    """Show what would change in each file and change it; the exit status of the command."""
    from engine.replay import assemble
    from engine.replay.databases import Databases
    from engine.replay.updating import update

    left = 0
    with Databases() as databases:
        troupe = assemble(
            databases,
            dialogs=settings.dialogs,
            model=settings.model,
            business=settings.business,
        )
        for file in files:
            updated = await update(file, troupe)
            left += bool(updated.left) + (not _written(updated, asks=asks))
    return 1 if left else 0


def _written(updated: Updated, *, asks: bool) -> bool:
    """Write a file that changed, unless the person at the keyboard does not want it."""
    if updated.diff:
        typer.echo(updated.diff, nl=False)
    for fault in updated.left:
        typer.echo(f"{fault.file}:{fault.line}: step {fault.step}: {fault.what}: yours to decide")
        typer.echo(f"    expected: {fault.expected}\n    came:     {fault.came}")
    if not updated.diff:
        return True
    if asks and not typer.confirm(f"Write {updated.file}?"):
        return False
    updated.file.write_text(updated.after, encoding="utf-8")
    return True
