"""What happens at the demo company outside of any chat: flights change, balances fall."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from engine.business.demo import airline, telecom
from engine.business.demo.clock import local, minute, moment
from engine.business.demo.flights import flights as flights_of
from engine.business.demo.money import fen, yuan
from engine.business.demo.subscriptions import followers
from engine.business.demo.tables import flights, subscribers
from engine.business.provider import Refused, Row, Work


@airline.business.event
async def flight_changed(
    work: Work,
    *,
    flight_no: str,
    date: str | None = None,
    delay: str | None = None,
    gate: str | None = None,
    cancelled: str | None = None,
) -> None:
    """A flight is late by ``delay`` minutes, leaves from another gate, or not at all ("yes").

    Without a date it is the next one. Those who follow it are told what has changed:
    flight_delayed, gate_changed, flight_cancelled(flight_no, date, origin_city, destination_city,
    departure, scheduled_departure, delay, gate). Refused: unknown_flight, no_flight_that_day.
    """
    coming = await flights_of(work, flight_no=flight_no, date=date)
    if not coming:
        raise Refused("no_flight_that_day", flight_no=flight_no, date=date)
    flight = f"{coming[0]['flight_no']}/{coming[0]['date']}"
    found = await work.connection.execute(select(flights).where(flights.c.id == flight))
    before = dict(found.mappings().one())
    changes = _changes(before, delay, gate, cancelled)
    if not changes:
        return
    values = {key: value for change in changes.values() for key, value in change.items()}
    await work.connection.execute(update(flights).where(flights.c.id == flight).values(values))
    (now,) = await flights_of(work, flight_no=flight_no, date=coming[0]["date"])
    for name in changes:
        await _tell(work, name, flight, now)


def _changes(
    before: Row, delay: str | None, gate: str | None, cancelled: str | None
) -> dict[str, dict[str, Any]]:
    """The columns that change, by the name of the notice that tells so."""
    changes: dict[str, dict[str, Any]] = {}
    if cancelled is not None and (cancelled == "yes") != before["cancelled"]:
        changes["flight_cancelled" if cancelled == "yes" else "flight_restored"] = {
            "cancelled": cancelled == "yes"
        }
    if delay is not None and int(delay) != before["delay"]:
        later = timedelta(minutes=int(delay) - before["delay"])
        changes["flight_delayed"] = {
            "delay": int(delay),
            "departure": minute(moment(before["departure"]) + later),
            "arrival": minute(moment(before["arrival"]) + later),
        }
    if gate is not None and gate != before["gate"]:
        changes["gate_changed"] = {"gate": gate}
    return changes


async def _tell(work: Work, name: str, flight: str, facts: Row) -> None:
    at = minute(local(work.now))
    for follower in await followers(work, "flight", flight):
        await work.notify(
            name,
            facts,
            key=f"{flight}/{at}",
            account=follower["account"],
            openid=follower["openid"],
        )


@telecom.business.event
async def balance_changed(work: Work, *, phone: str, balance: str) -> None:
    """A number has this many yuan left; who follows it is told when that crosses their limit.

    low_balance(phone, balance, below). Refused: unknown_number(phone).
    """
    held = select(subscribers.c.balance).where(subscribers.c.phone == phone).with_for_update()
    before, after = await work.connection.scalar(held), fen(balance)
    if before is None:
        raise Refused("unknown_number", phone=phone)
    mine = subscribers.c.phone == phone
    await work.connection.execute(update(subscribers).where(mine).values(balance=after))
    for follower in await followers(work, "balance", phone):
        if after < follower["below"] <= before:
            facts = {"phone": phone, "balance": yuan(after), "below": yuan(follower["below"])}
            await work.notify(
                "low_balance",
                facts,
                key=f"{phone[-4:]}/{minute(local(work.now))}",
                account=follower["account"],
                openid=follower["openid"],
            )
