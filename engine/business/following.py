"""What every company's scripts may ask beside its own queries: what a customer follows."""

from __future__ import annotations

from engine.business.provider import Business, Row, Work
from engine.store import follows

following = Business("follows")


@following.query
async def mine(work: Work, *, notice: str) -> list[Row]:
    """What this customer is told about with a notice, as `follow` of a script began it.

    Rows have: about.
    """
    kept = await follows.of(
        work.connection, account=work.account, openid=work.openid, notice=notice
    )
    return [{"about": about} for about in kept]
