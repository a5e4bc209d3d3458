"""Every push of the platform's documentation, sent to a server."""

from __future__ import annotations

from tests.channels.wechat.test_samples import PUSHES
from tests.web.conftest import Serve
from tests.web.fakes import ScriptedTurns, account

#: When all of them were sent.
AT = "1795500000"


async def test_every_push_is_answered_by_a_server(serve: Serve, turns: ScriptedTurns) -> None:
    airline = account("plain", id="gh_0a1b2c3d4e5f")
    async with serve(airline) as platform:
        for second, push in enumerate(PUSHES):
            taken = len(turns.taken)
            # Events of one moment that differ in nothing else are one event, delivered twice.
            status, body = await platform.push(push["xml"].replace(AT, str(int(AT) + second)))
            assert (push["name"], status) == (push["name"], 200)
            assert len(turns.taken) - taken == push["turn"]
            assert (body == "success") is not push["turn"]
