"""`banli relay`: the platform's side and the terminal page. `banli demo`: a provider with it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

if TYPE_CHECKING:
    from engine.relay.accounts import Registered

_HOME = Path(".banli")


def _port(help: str) -> Any:
    return typer.Option(min=0, max=65535, help=help)


_Accounts = Annotated[
    Path | None, typer.Option(help="Folder of NAME.toml, each with a table `relay`.")
]
_Account = Annotated[str, typer.Option(help="Name of one account given by options.")]
_Url = Annotated[str, typer.Option(help="Its provider's endpoint.")]
_Token = Annotated[str, typer.Option(envvar="BANLI_RELAY_TOKEN")]
_AesKey = Annotated[str, typer.Option(envvar="BANLI_RELAY_AES_KEY")]
_Mode = Annotated[str, typer.Option(help="plain, compat or safe.")]
_Id = Annotated[str, typer.Option(help="Its original id.")]
_AppId = Annotated[str, typer.Option(help="Its AppID.")]
_Secret = Annotated[
    str, typer.Option(envvar="BANLI_RELAY_SECRET", help="Its AppSecret, for API calls.")
]
_Title = Annotated[str, typer.Option(help="What customers see; the name by default.")]
_Home = Annotated[Path, typer.Option(help="Folder of the relay's database.")]
_AdminPassword = Annotated[
    str,
    typer.Option(
        envvar="BANLI_RELAY_ADMIN_PASSWORD", help="Opens /admin; without it there is none."
    ),
]
_Faults = Annotated[
    list[str] | None,
    typer.Option(help="delay=SECONDS; duplicate, reorder, drop=PART from 0 to 1. Repeatable."),
]


class _Place(NamedTuple):
    home: Path
    host: str
    port: int


def relay(
    accounts: _Accounts = None,
    account: _Account = "",
    url: _Url = "",
    token: _Token = "",
    aes_key: _AesKey = "",
    mode: _Mode = "plain",
    id: _Id = "gh_000000000001",
    appid: _AppId = "wx0000000000000001",
    secret: _Secret = "",
    title: _Title = "",
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, _port("Port to listen on.")] = 8100,
    home: _Home = _HOME,
    admin_password: _AdminPassword = "",
    fault: _Faults = None,
) -> None:
    """Play the Official Account platform for developer servers, with a page as the terminal."""
    if bool(accounts) == bool(account):
        typer.echo("banli relay: give either --accounts DIR or --account NAME", err=True)
        raise typer.Exit(2)
    keys = {"name": account, "id": id, "appid": appid, "secret": secret or _made_up()}
    keys |= {"token": token, "aes_key": aes_key, "mode": mode}
    listing = {"url": url, "title": title or account, "number": account}

    def known() -> Mapping[str, Registered]:
        return _of_files(accounts) if accounts else _of_options(keys, listing)

    where = _Place(home, host, port)
    _run("relay", _serve(known, where, faults=fault or (), password=admin_password))


async def _serve(
    known: Callable[[], Mapping[str, Registered]],
    where: _Place,
    *,
    faults: Sequence[str],
    password: str,
) -> None:
    from engine.relay.faults import parse
    from engine.relay.serve import serve

    await serve(
        known(),
        home=where.home,
        host=where.host,
        port=where.port,
        faults=parse(faults),
        password=password,
        told=_tell,
    )


def _of_files(folder: Path) -> Mapping[str, Registered]:
    from engine.relay.accounts import load

    return load(folder)


def _of_options(keys: dict[str, str], listing: dict[str, str]) -> Mapping[str, Registered]:
    from engine.relay.accounts import register, together

    return together([register("options", {**keys, "verified": True}, listing)])


def demo(
    port: Annotated[int, _port("Port of the page.")] = 8100,
    provider_port: Annotated[int, _port("Port of the provider.")] = 8000,
    home: Annotated[Path, typer.Option(help="Folder of everything it keeps.")] = _HOME / "demo",
) -> None:
    """Run a provider with demo data and the relay, and say which address to open."""
    from engine.relay.demo import CLERK, PASSWORD, Demo, guests, run

    def told(address: str) -> None:
        names = "、".join(guest.name for guest in guests())
        typer.echo(
            f"\n  打开 {address}\n  一点即可以{names}的身份进入（密码 demo）。\n"
            f"  客服台 {where.desk_url}（{CLERK[0]}，密码 {CLERK[1]}）。\n"
            f"  平台管理 {address}/admin（密码 {PASSWORD}）。按 Ctrl-C 结束。\n"
        )

    def starting() -> None:
        typer.echo("banli demo: 正在启动，要几秒钟……")

    where = Demo(home.absolute(), port, provider_port)
    _run("demo", run(where, starting=starting, told=told))


def _run(command: str, main: Coroutine[Any, Any, None]) -> None:
    import asyncio

    from engine import logs
    from engine.relay.errors import RelayError

    logs.configure()
    try:
        asyncio.run(main)
    except RelayError as error:
        typer.echo(f"banli {command}: {error}", err=True)
        raise typer.Exit(1) from None


def _tell(address: str) -> None:
    typer.echo(f"banli relay: {address}")


def _made_up() -> str:
    import secrets

    return secrets.token_hex(16)
