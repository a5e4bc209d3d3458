"""`banli serve`: the provider's HTTP endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    accounts: Annotated[
        Path | None, typer.Option(help="Folder of NAME.toml, one an account.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that serve; 1.")] = None,
    reload_dialogs: Annotated[
        bool | None,
        typer.Option("--reload-dialogs", help="Read changed scripts and models while serving."),
    ] = None,
) -> None:
    """Serve official accounts at /wechat/NAME, programs at /v1/messages, phones at /sms/NAME."""
    from engine.channels.sms.account import load_sms_accounts
    from engine.settings import load_accounts, load_api_accounts, load_settings
    from engine.web.serve import serve as run

    try:
        settings = load_settings(
            accounts=accounts, host=host, port=port, workers=workers, reload_dialogs=reload_dialogs
        )
        # Before anything slow: most first starts fail here.
        load_accounts(settings.accounts)
        load_api_accounts(settings.accounts)
        load_sms_accounts(settings.accounts)
        run(settings)
    except Exception as error:
        if not _is_told(error):
            raise
        typer.echo(f"banli serve: {error}", err=True)
        raise typer.Exit(1) from None


def _is_told(error: Exception) -> bool:
    """Whether an error is for the person at the keyboard, and not a fault of the program."""
    return isinstance(error, OSError) or type(error).__module__.startswith("engine.")
