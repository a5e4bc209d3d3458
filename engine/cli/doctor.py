"""`banli doctor`: look an installation over, and say what to do."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.finding import Finding
    from engine.settings import Settings


def doctor(
    accounts: Annotated[
        Path | None, typer.Option(help="Folder of NAME.toml, one an account.")
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not call on the platform.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, a line each.")] = False,
) -> None:
    """Check settings, accounts, scripts, models, database and platform; changes nothing."""
    from engine import logs
    from engine.settings import SettingsError, load_settings

    logs.configure("error")
    try:
        settings = load_settings(accounts=accounts)
    except SettingsError as error:
        typer.echo(f"fail  {error}", err=True)
        raise typer.Exit(1) from None
    findings = asyncio.run(_found(settings, reaches=not offline, as_json=as_json))
    if any(finding.grade == "fail" for finding in findings):
        raise typer.Exit(1)


async def _found(settings: Settings, *, reaches: bool, as_json: bool) -> list[Finding]:
    from engine.doctor import examine

    findings = []
    async for finding in examine(settings, reaches=reaches):
        typer.echo(json.dumps(asdict(finding), ensure_ascii=False) if as_json else finding)
        findings.append(finding)
    return findings
