"""One-time codes: they prove that a phone is the customer's."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from engine.business.demo.clock import day, local
from engine.business.demo.tables import codes
from engine.business.provider import Counted, Refused, Work

#: How long a code is good, and how soon another one may be sent.
GOOD_FOR, APART = timedelta(minutes=5), timedelta(minutes=1)
#: Wrong answers to one code, and codes for one phone in a day.
TRIES, A_DAY = 3, 5


async def send(work: Work, phone: str) -> dict[str, Any]:
    """Send a code to a phone, unless the last one was sent just now.

    {phone, minutes, wait}: ``wait`` are the seconds until another can be sent, "0" if this was.
    Refused: too_many_codes(phone).
    """
    newest = await _newest(work, phone)
    if newest is not None and (wait := APART - (local(work.now) - _at(newest["at"]))) > timedelta():
        return {"phone": phone, "minutes": _minutes(), "wait": str(round(wait.total_seconds()))}
    today = (codes.c.phone == phone) & (codes.c.at >= day(work.now).isoformat())
    sent = await work.connection.scalar(select(func.count()).select_from(codes).where(today))
    if int(sent or 0) >= A_DAY:
        raise Refused("too_many_codes", phone=phone)
    code = _code(work)
    row = {"account": work.account, "openid": work.openid, "phone": phone, "code": code}
    at = local(work.now).isoformat(timespec="seconds")
    await work.connection.execute(insert(codes).values({**row, "at": at, "left": TRIES}))
    # A company of today sends a short message to the phone; the demo has only this chat.
    facts = {"code": code, "phone": phone, "minutes": _minutes()}
    await work.notify("code_sent", facts, key=work.key or f"{phone[-4:]}/{at}")
    return {"phone": phone, "minutes": _minutes(), "wait": "0"}


async def check(work: Work, phone: str, code: str) -> None:
    """Use up the code of a phone. Refused: wrong_code(left), no_code when there is none to try."""
    newest = await _newest(work, phone)
    if newest is None or newest["left"] < 1 or local(work.now) - _at(newest["at"]) > GOOD_FOR:
        raise Refused("no_code")
    mine = codes.c.id == newest["id"]
    if newest["code"] != code:
        left = newest["left"] - 1
        await work.connection.execute(update(codes).where(mine).values(left=left))
        raise Counted("wrong_code" if left else "no_code", left=left)
    await work.connection.execute(update(codes).where(mine).values(left=0))


async def forget(work: Work) -> None:
    """Delete the codes of this customer."""
    mine = (codes.c.account == work.account) & (codes.c.openid == work.openid)
    await work.connection.execute(delete(codes).where(mine))


async def _newest(work: Work, phone: str) -> Any:
    mine = (
        (codes.c.account == work.account)
        & (codes.c.openid == work.openid)
        & (codes.c.phone == phone)
    )
    found = await work.connection.execute(
        select(codes).where(mine).order_by(codes.c.id.desc()).limit(1)
    )
    return found.mappings().first()


def _code(work: Work) -> str:
    """Six digits, the first not 0; nobody who does not know the key can tell them."""
    seed = work.key or f"{work.account}|{work.openid}|{work.now.isoformat()}"
    digest = hashlib.blake2b(seed.encode(), digest_size=8, person=b"code").digest()
    return str(100_000 + int.from_bytes(digest) % 900_000)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _minutes() -> str:
    return str(round(GOOD_FOR.total_seconds() / 60))
