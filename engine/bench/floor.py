"""The floor of a turn: the same web server and signature check, one durable insert, a fixed reply.

Run as ``python -m engine.bench.floor ACCOUNTS DATABASE``. No engine can answer faster on this
machine without giving up one of them.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import aiosqlite
from sanic import HTTPResponse, Request, Sanic
from sanic.config import Config
from sanic.response import text

from engine.channels.wechat import passive, wire
from engine.channels.wechat.gate import Gate
from engine.channels.wechat.messages import Text
from engine.channels.wechat.service import utc_now
from engine.settings import load_accounts

_TABLE = "CREATE TABLE inbox (key TEXT PRIMARY KEY, answer BLOB NOT NULL)"
_INSERT = "INSERT INTO inbox VALUES (?, ?)"
_REPLY = Text("收到")


def create_floor(accounts: Path, database: Path) -> Sanic[Config, SimpleNamespace]:
    """An app that keeps one row for every genuine message."""
    app = Sanic("banli-floor", config=Config(env_prefix=None), configure_logging=False)
    told = load_accounts(accounts)
    gates = {name: Gate(account, clock=utc_now) for name, account in told.items()}

    async def start(app: Sanic[Config, SimpleNamespace]) -> None:
        app.ctx.database = await aiosqlite.connect(database, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            await app.ctx.database.execute(f"PRAGMA {pragma}")
        await app.ctx.database.execute(_TABLE)

    async def stop(app: Sanic[Config, SimpleNamespace]) -> None:
        await app.ctx.database.close()

    async def push(request: Request, name: str) -> HTTPResponse:
        query = {key: values[0] for key, values in request.args.items()}
        inbound = wire.read(gates[name].open(query, request.body).fields, account=name)
        answer = passive.render(
            _REPLY, openid=inbound.openid, account_id=told[name].id, now=utc_now()
        )
        # Without a transaction around it, each insert is one, and on disk when it returns.
        await request.app.ctx.database.execute(_INSERT, (inbound.key, answer.encode()))
        return text(answer, content_type="text/xml; charset=utf-8")

    app.before_server_start(start)
    app.after_server_stop(stop)
    app.add_route(push, "/wechat/<name:str>", methods=["POST"], name="push")
    return app


def main() -> None:
    """Serve on a free port of this machine and tell the address on stderr."""
    accounts, database = map(Path, sys.argv[1:3])
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = create_floor(accounts, database)

    async def tell(app: Sanic[Config, SimpleNamespace]) -> None:
        sys.stderr.write(f"the floor serves at http://127.0.0.1:{listening.getsockname()[1]}\n")

    app.after_server_start(tell)
    app.run(sock=listening, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()
