"""One account's access token, shared by all processes over one store.

The rules are those of the platform's `stable_token`: the same token until five minutes before its
end, then a new one while both live; a forced one costs one of 20 a day and ends the old at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from engine.channels.wechat.errors import ApiUnreachable
from engine.settings import Account
from engine.store import Store, tokens
from engine.store.tokens import Token

#: Seconds before its end at which a token is replaced. The platform then keeps both alive.
_EARLY = 300.0

#: Longer than fetching may take, two calls of 10 s at most; then its process is taken for dead.
_LEASE = timedelta(seconds=25)

#: Seconds between two looks while another process fetches.
_PAUSE = 0.1

Ask = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]


class Tokens:
    """Fetches, keeps and renews the token. ``ask`` posts JSON to a path and raises `ApiError`."""

    def __init__(
        self, account: Account, store: Store, ask: Ask, *, clock: Callable[[], datetime]
    ) -> None:
        self._account = account
        self._store = store
        self._ask = ask
        self._clock = clock
        self._known: Token | None = None
        self._fetching = asyncio.Lock()

    async def token(self, *, refused: str = "") -> str:
        """A token that lives and is not the one the platform ``refused``. Raises `ApiError`."""
        # Whoever waited for the lock finds the token that the first one fetched.
        async with self._fetching:
            now = self._clock()
            if not _is_good(self._known, refused, now):
                self._known = await self._shared(refused)
            return self._known.token if self._known else ""

    async def _shared(self, refused: str) -> Token:
        appid = self._account.appid
        while True:
            now = self._clock()
            async with self._store.reading() as connection:
                kept = await tokens.kept(connection, appid)
            if kept and _is_good(kept, refused, now):
                return kept
            if fetched := await self._claimed(refused, now):
                return fetched
            if kept and kept.token != refused and now < kept.ends_at:
                # Another process is fetching the next one; this one is still taken.
                return kept
            await asyncio.sleep(_PAUSE)

    async def _claimed(self, refused: str, now: datetime) -> Token | None:
        """A new token, unless another process fetches one; the claim for it ends in any case."""
        appid, is_mine = self._account.appid, False
        try:
            async with self._store.writing() as connection:
                is_mine = await tokens.claim(
                    connection, appid, refused=refused, now=now, lease=_LEASE
                )
            return await self._fetched(refused) if is_mine else None
        except BaseException:
            # Also of who is cancelled while the claim is committed.
            if is_mine:
                async with self._store.writing() as connection:
                    await tokens.release(connection, appid)
            raise

    async def _fetched(self, refused: str) -> Token:
        token = await self._fetch(refused)
        async with self._store.writing() as connection:
            await tokens.keep(connection, self._account.appid, token)
        return token

    async def _fetch(self, refused: str) -> Token:
        now = self._clock()
        answer = await self._ask_platform(force=False)
        if refused and answer.get("access_token") == refused:
            # Costs one of 20 a day, so only when the platform hands out what it refuses.
            answer = await self._ask_platform(force=True)
        token, lifetime = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not isinstance(lifetime, int):
            raise ApiUnreachable("the answer holds no access token")
        renew = max(lifetime - _EARLY, lifetime / 2)
        return Token(token, now + timedelta(seconds=renew), now + timedelta(seconds=lifetime))

    async def _ask_platform(self, *, force: bool) -> dict[str, Any]:
        content = {
            "grant_type": "client_credential",
            "appid": self._account.appid,
            "secret": self._account.secret,
            "force_refresh": force,
        }
        return await self._ask("/cgi-bin/stable_token", content)


def _is_good(token: Token | None, refused: str, now: datetime) -> bool:
    return token is not None and token.token != refused and now < token.renew_at
