"""QR codes with a scene: made by providers, scanned by terminals."""

from __future__ import annotations

import io
import secrets
from dataclasses import dataclass

import segno
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay.errors import ApiError
from engine.relay.schema import qrcodes

#: Seconds: the longest that a code may live, and how long it lives when nothing is said.
LONGEST, USUAL = 2_592_000, 60

#: Kinds of codes: whether their scene is a number, and whether they last.
KINDS = {
    "QR_SCENE": (True, False),
    "QR_STR_SCENE": (False, False),
    "QR_LIMIT_SCENE": (True, True),
    "QR_LIMIT_STR_SCENE": (False, True),
}

_LARGEST, _LARGEST_PERMANENT, _LONGEST_SCENE = 2**32 - 1, 100_000, 64


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code: `code` is the last part of its address, `ends` is in milliseconds."""

    ticket: str
    code: str
    account: str
    scene: str
    is_number: bool
    ends: int | None


async def create(
    connection: AsyncConnection,
    *,
    account: str,
    kind: str,
    scene: str | int | None,
    seconds: int,
    now: int,
) -> QrCode:
    """Keep a new code. Raises `ApiError`."""
    if kind not in KINDS:
        raise ApiError(40053, "invalid action info")
    is_number, lasts = KINDS[kind]
    ends = None if lasts else now + 1000 * min(max(seconds, 1), LONGEST)
    made = QrCode(
        secrets.token_urlsafe(60),
        secrets.token_urlsafe(12),
        account,
        _scene(scene, is_number=is_number, lasts=lasts),
        is_number,
        ends,
    )
    row = {name: getattr(made, name) for name in QrCode.__slots__}
    await connection.execute(qrcodes.insert().values(**row))
    return made


async def by_ticket(connection: AsyncConnection, ticket: str) -> QrCode | None:
    """The code with this ticket, ended or not."""
    rows = await connection.execute(select(qrcodes).where(qrcodes.c.ticket == ticket))
    return _read(rows.one_or_none())


async def by_code(connection: AsyncConnection, code: str, *, now: int) -> QrCode | None:
    """The code with this address, unless it has ended."""
    wanted = select(qrcodes).where(qrcodes.c.code == code)
    alive = qrcodes.c.ends.is_(None) | (qrcodes.c.ends > now)
    return _read((await connection.execute(wanted.where(alive))).one_or_none())


def picture(address: str) -> bytes:
    """An address as a code of 430 pixels or a little less, PNG."""
    made = segno.make(address, micro=False, error="m")
    out = io.BytesIO()
    made.save(out, kind="png", border=3, scale=max(4, 430 // (made.symbol_size(border=3)[0])))
    return out.getvalue()


def _scene(scene: str | int | None, *, is_number: bool, lasts: bool) -> str:
    if is_number and isinstance(scene, int):
        if 1 <= scene <= (_LARGEST_PERMANENT if lasts else _LARGEST):
            return str(scene)
    elif not is_number and isinstance(scene, str) and 1 <= len(scene) <= _LONGEST_SCENE:
        return scene
    raise ApiError(40053, "invalid action info")


def _read(row: Row[tuple[object, ...]] | None) -> QrCode | None:
    return None if row is None else QrCode(**row._mapping)
