"""Access tokens of platforms, shared by all processes: one of them fetches, the others wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, or_, select, update

from engine.store.connection import Connection, insert_new
from engine.store.schema import tokens

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

_OF = tokens.c.appid == bindparam("of")
_KEPT = select(tokens.c.token, tokens.c.renew_at, tokens.c.ends_at).where(_OF)
_NOW = bindparam("now", type_=tokens.c.ends_at.type)
_CLAIM = (
    update(tokens)
    .where(
        _OF,
        # Whoever comes late finds that the one before has fetched already.
        or_(tokens.c.token == bindparam("refused"), tokens.c.renew_at <= _NOW),
        or_(
            tokens.c.leased_until.is_(None),
            tokens.c.leased_until <= _NOW,
            # Far longer than a lease, also by another machine's clock: it was set back since.
            tokens.c.leased_until > bindparam("far", type_=tokens.c.renew_at.type),
        ),
    )
    .values(leased_until=bindparam("until"))
)
_UPDATE = update(tokens).where(_OF)


@dataclass(frozen=True, slots=True)
class Token:
    """An access token: from ``renew_at`` on it should be replaced, at ``ends_at`` it is dead."""

    token: str
    renew_at: datetime
    ends_at: datetime


async def kept(connection: Connection, appid: str) -> Token | None:
    """The newest token of an app; None before the first."""
    row = (await connection.execute(_KEPT, {"of": appid})).one_or_none()
    return None if row is None or not row.token else Token(row.token, row.renew_at, row.ends_at)


async def claim(
    connection: Connection, appid: str, *, refused: str, now: datetime, lease: timedelta
) -> bool:
    """Whether the caller is the one who fetches the next token, for as long as `lease`.

    Nobody is while another fetches, or while the kept token is neither old nor the ``refused`` one.
    """
    row = {"appid": appid, "token": "", "renew_at": _NEVER, "ends_at": _NEVER}
    await connection.execute(insert_new(connection, tokens, row))
    given = {"of": appid, "refused": refused, "now": now, "until": now + lease}
    given["far"] = now + 2 * lease
    return (await connection.execute(_CLAIM, given)).rowcount == 1


async def keep(connection: Connection, appid: str, token: Token) -> None:
    """Let everybody use a token that was fetched under a claim, which ends."""
    values = {"token": token.token, "renew_at": token.renew_at, "ends_at": token.ends_at}
    await connection.execute(_UPDATE.values(**values, leased_until=None), {"of": appid})


async def release(connection: Connection, appid: str) -> None:
    """Nothing was fetched: the claim ends, another may try."""
    await connection.execute(_UPDATE.values(leased_until=None), {"of": appid})
