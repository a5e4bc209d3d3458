"""The demo company's time: Asia/Shanghai, kept in the database as ISO text to the minute."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def local(now: datetime) -> datetime:
    """The wall clock in Shanghai at `now`; a time without a zone is taken to be that already."""
    return now.astimezone(ZONE).replace(tzinfo=None) if now.tzinfo else now


def minute(moment: datetime) -> str:
    """`2026-11-24T08:30`: texts of this form sort as the times do."""
    return moment.isoformat(timespec="minutes")


def moment(text: str) -> datetime:
    """The time that `minute` wrote."""
    return datetime.fromisoformat(text)


def day(now: datetime, offset: int = 0) -> date:
    """The Shanghai date `offset` days after that of `now`."""
    return local(now).date() + timedelta(days=offset)
