"""A provider for the relay's measurement: notes every text that reaches it, then answers it.

Run as ``python -m engine.bench.echo ACCOUNTS NOTES PORT``. A line of NOTES is the MsgId and the
text; it is with the system before the answer leaves, so it outlives a killed process.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from aiohttp import web

from engine.channels.wechat import passive
from engine.channels.wechat.gate import Gate
from engine.channels.wechat.messages import Text
from engine.channels.wechat.service import utc_now
from engine.settings import Account, load_accounts

#: What an answer begins with, before the words that it answers.
ANSWER = "收到 "


def create_echo(account: Account, notes: Path) -> web.Application:
    """An app that answers the texts of one account."""
    gate = Gate(account, clock=utc_now)
    file = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def verify(request: web.Request) -> web.Response:
        return web.Response(text=gate.verify(dict(request.query)))

    async def push(request: web.Request) -> web.Response:
        fields = gate.open(dict(request.query), await request.read()).fields
        if fields.text("MsgType") != "text":
            return web.Response(text="success")
        words, openid = fields.text("Content"), fields.text("FromUserName")
        os.write(file, f"{fields.text('MsgId')}\t{words}\n".encode())
        reply = Text(f"{ANSWER}{words}")
        answer = passive.render(reply, openid=openid, account_id=account.id, now=utc_now())
        return web.Response(text=answer, content_type="text/xml")

    async def close(app: web.Application) -> None:
        os.close(file)

    app = web.Application()
    app.on_cleanup.append(close)
    app.add_routes([web.get("/wechat", verify), web.post("/wechat", push)])
    return app


async def serve(accounts: Path, notes: Path, port: int) -> None:
    """Serve until the process ends, and tell the address on stderr."""
    (account,) = load_accounts(accounts).values()
    runner = web.AppRunner(create_echo(account, notes), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    sys.stderr.write(f"the echo serves at http://127.0.0.1:{runner.addresses[0][1]}\n")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
