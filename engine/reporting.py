"""What the company's systems tell about things that customers follow, where scripts declare it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.business.provider import Business, Work
from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.parts import Notice
from engine.dialog.wording import words
from engine.store import Connection, follows

#: Names that the words of a notice have beside its facts.
_OWN = frozenset({"member", "now"})
#: Of a key: it is kept in an index.
_LONGEST = 200


class ReportError(ValueError):
    """Facts that are not those of the notice, or no key to tell them once."""


def declared(scripts: Mapping[str, Scripts], name: str) -> dict[str, Notice]:
    """The notice of this name by account, where scripts let the company's system tell it."""
    found = {account: each.of_notice(name) for account, each in scripts.items()}
    notices = {account: script.notices[name] for account, script in found.items() if script}
    return {account: notice for account, notice in notices.items() if notice.event}


async def happen(
    connection: Connection,
    business: Business,
    scripts: Mapping[str, Scripts],
    name: str,
    facts: Mapping[str, Any],
    *,
    key: str,
    now: datetime,
) -> None:
    """Let an event happen, whether the business has it in Python or scripts declare it.

    Raises what the event raises, `ReportError`.
    """
    event = business.events.get(name)
    if event is not None:
        await event(Work(connection, now, "", ""), **facts)
        return
    await report(connection, declared(scripts, name), name, facts, key=key, now=now)


async def report(
    connection: Connection,
    notices: Mapping[str, Notice],
    name: str,
    facts: Mapping[str, Any],
    *,
    key: str,
    now: datetime,
) -> int:
    """Leave a notice for every customer of these accounts who follows what the facts are about.

    Each is told a ``key`` once. Returns how many follow it. Raises `ReportError`.
    """
    if not key or len(key) > _LONGEST:
        raise ReportError(f"{name}: needs an Idempotency-Key of at most {_LONGEST} characters")
    count = 0
    for account, notice in notices.items():
        event = notice.event
        assert event is not None  # noqa: S101 - `declared` gives no others
        about = _about(name, notice, event.about, facts)
        is_last = bool(event.last and words.evaluate(event.last, facts))
        found = await follows.followers(connection, accounts=[account], notice=name, about=about)
        for follower in found:
            work = Work(connection, now, follower.account, follower.openid)
            await work.notify(name, facts, key=key)
            if is_last:
                await follows.unfollow(
                    connection,
                    account=follower.account,
                    openid=follower.openid,
                    notice=name,
                    about=about,
                )
        count += len(found)
    return count


def _about(name: str, notice: Notice, fact: str, facts: Mapping[str, Any]) -> str:
    used = words.names_in(notice.say) | (words.names_in(notice.link) if notice.link else set())
    missing = sorted((used | {fact}) - _OWN - set(facts))
    if missing:
        raise ReportError(f"{name}: misses {', '.join(missing)}; null for what is not known")
    about = facts[fact]
    if not isinstance(about, str | int) or about == "":
        raise ReportError(f"{name}: {fact} must be a text or a whole number")
    return str(about)
