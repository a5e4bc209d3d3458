"""`banli wechat`: an official account's settings, menu, QR codes and followers."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from engine.cli.failing import CommandError, Commands

if TYPE_CHECKING:
    from engine.channels.wechat.api import Api
    from engine.settings import Account, Settings

app = typer.Typer(cls=Commands, no_args_is_help=True, help="Official accounts at the platform.")
menus = typer.Typer(cls=Commands, no_args_is_help=True, help="The menu below an account's chat.")
app.add_typer(menus, name="menu")

_Result = TypeVar("_Result")
Name = Annotated[str, typer.Argument(help="The account: NAME of its file NAME.toml.")]
Accounts = Annotated[Path | None, typer.Option(help="Folder of NAME.toml, one an account.")]


@app.command()
def check(
    name: Annotated[str, typer.Argument(help="One account; without, all.")] = "",
    accounts: Accounts = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, a line each.")] = False,
) -> None:
    """Tell what is wrong with accounts before the platform does; changes nothing.

    The provider has to be running: its address is called as the platform calls it.
    """
    with _told():
        settings, found = _accounts(accounts)
        chosen = [_account(found, name)] if name else list(found.values())
        grades = asyncio.run(_checked(settings, chosen, as_json=as_json))
    if "fail" in grades:
        raise typer.Exit(1)


@menus.command()
def push(
    name: Name,
    file: Annotated[
        Path | None, typer.Argument(help="YAML; without, the menu is made of the scripts.")
    ] = None,
    accounts: Accounts = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print it, and push nothing.")] = False,
) -> None:
    """Put an account's menu in the place of the one that it has."""
    with _told():
        settings, found = _accounts(accounts)
        account = _account(found, name)
        content = _menu(settings, account, file)
        if not dry_run:
            _with_api(account, lambda api: api.call("/cgi-bin/menu/create", content))
    if dry_run:
        _print(content)
    else:
        typer.echo(f"banli wechat: {name} has the menu; phones show it within 5 minutes", err=True)


@menus.command()
def show(name: Name, accounts: Accounts = None) -> None:
    """Print the menu that the platform has."""
    with _told():
        _print(_of(name, accounts, lambda api: api.ask("/cgi-bin/menu/get")))


@menus.command()
def delete(name: Name, accounts: Accounts = None) -> None:
    """Take the menu away."""
    with _told():
        _of(name, accounts, lambda api: api.ask("/cgi-bin/menu/delete"))


@app.command()
def qr(
    name: Name,
    scene: Annotated[str, typer.Argument(help="/checkin starts that business when scanned.")],
    days: Annotated[float, typer.Option(help="For how long the code lives.")] = 30,
    permanent: Annotated[bool, typer.Option("--permanent", help="It lives for ever.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the code as PNG or SVG.")] = None,
    accounts: Accounts = None,
) -> None:
    """Make a QR code that leads to the account, and starts a business there."""
    from engine.channels.wechat import scenes

    life = None if permanent else timedelta(days=days)
    with _told():
        code = _of(name, accounts, lambda api: scenes.create(api, scene, life=life))
        if out is not None:
            import segno

            segno.make(code.url, error="m").save(str(out), scale=10, border=4)
    _print(asdict(code))


@app.command()
def user(
    name: Name,
    openid: Annotated[str, typer.Argument(help="The customer's openid at this account.")],
    accounts: Accounts = None,
) -> None:
    """Print what the platform tells of a customer."""
    with _told():
        query = {"openid": openid, "lang": "zh_CN"}
        _print(_of(name, accounts, lambda api: api.ask("/cgi-bin/user/info", **query)))


@app.command()
def clear_quota(name: Name, accounts: Accounts = None) -> None:
    """Begin the day's quotas anew (45009); the platform allows it 10 times a month."""
    with _told():
        _, found = _accounts(accounts)
        account = _account(found, name)
        content = {"appid": account.appid}
        _with_api(account, lambda api: api.call("/cgi-bin/clear_quota", content))


async def _checked(settings: Settings, accounts: list[Account], *, as_json: bool) -> set[str]:
    import aiohttp

    from engine.channels.wechat import checking
    from engine.channels.wechat.service import utc_now

    grades = set()
    async with aiohttp.ClientSession() as client:
        for account in accounts:
            if not as_json:
                typer.echo(f"{account.name}:")
            async for finding in checking.check(
                account, client, public_url=settings.public_url, clock=utc_now
            ):
                told = {"account": account.name, **asdict(finding)}
                typer.echo(json.dumps(told, ensure_ascii=False) if as_json else finding)
                grades.add(finding.grade)
    return grades


def _menu(settings: Settings, account: Account, file: Path | None) -> dict[str, Any]:
    from engine import loaded
    from engine.channels.wechat import menu
    from engine.dialog.acts.acts import ACTS

    folder = account.scripts or settings.dialogs
    scripts = loaded.load_scripts(folder, loaded.business_of(settings, account))
    if file is None:
        return menu.of_scripts([(script.intent, script.title) for script in scripts.listed])
    return menu.load(file, {*scripts.by_intent, *ACTS})


def _of(name: str, accounts: Path | None, work: Callable[[Api], Awaitable[_Result]]) -> _Result:
    _, found = _accounts(accounts)
    return _with_api(_account(found, name), work)


def _accounts(folder: Path | None) -> tuple[Settings, dict[str, Account]]:
    from engine.settings import load_accounts, load_settings

    settings = load_settings(accounts=folder)
    return settings, load_accounts(settings.accounts)


def _account(accounts: dict[str, Account], name: str) -> Account:
    if name not in accounts:
        raise ValueError(f"there is no account {name}; there are {', '.join(accounts)}")
    return accounts[name]


def _with_api(account: Account, work: Callable[[Api], Awaitable[_Result]]) -> _Result:
    async def run() -> _Result:
        import aiohttp

        from engine.channels.wechat.api import Api
        from engine.channels.wechat.service import utc_now
        from engine.store import Store

        # Of its own: `stable_token` gives the token that a running provider uses, and keeps it.
        async with await Store.open("sqlite://") as store, aiohttp.ClientSession() as client:
            return await work(Api(account, client, store, clock=utc_now))

    return asyncio.run(run())


def _print(told: object) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Whatever is wrong, in one line."""
    try:
        yield
    except Exception as error:
        is_told = isinstance(error, OSError | ValueError)
        if not is_told and not type(error).__module__.startswith("engine."):
            raise
        raise CommandError(_explained(error)) from None


def _explained(error: Exception) -> str:
    from engine.channels.wechat.codes import meaning
    from engine.channels.wechat.errors import ApiRefused

    return (
        f"{error} ({meaning(error.code).meaning})" if isinstance(error, ApiRefused) else str(error)
    )
