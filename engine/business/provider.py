"""How a company's business is connected: named queries and effects over the turn's transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.store import Connection, notices

Row = Mapping[str, Any]
Query = Callable[..., Awaitable[list[Row]]]
Effect = Callable[..., Awaitable[Row]]
Event = Callable[..., Awaitable[Row | None]]
Preparation = Callable[[Connection, datetime], Awaitable[None]]
Forgetting = Callable[["Work"], Awaitable[None]]


class BusinessError(Exception):
    """Base of what the business room raises.

    BusinessError
    ├── Refused       a rule says no; the script has words for the reason
    │   └── Counted   the same, and what was changed before stays
    └── Unavailable   the backend did not answer; the script keeps its slots and says so
    """


class Refused(BusinessError):
    """A rule of the business says no: scripts put ``reason`` into words with ``facts``."""

    def __init__(self, reason: str, /, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


class Counted(Refused):
    """A refusal that changes something: a wrong code that counts. What was changed stays."""


class Unavailable(BusinessError):
    """A backend could not be reached or gave no usable answer in time."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one call may use: the turn's database connection, the time, and whose business it is.

    ``connection`` is in the transaction of the turn when an effect runs, and only reads when a
    query runs. ``key`` is the idempotency key of an effect (empty for a query). In an event of the
    company there is no customer: ``account`` and ``openid`` are empty.
    """

    connection: Connection
    now: datetime
    account: str
    openid: str
    key: str = ""
    noticed: Callable[[], None] = lambda: None

    async def notify(
        self,
        name: str,
        facts: Mapping[str, Any],
        *,
        key: str,
        account: str = "",
        openid: str = "",
        at: datetime | None = None,
    ) -> None:
        """Leave a notice in this transaction; scripts have words for ``name`` with ``facts``.

        It is told once for each ``key`` and customer, at once or ``at`` a time. The key is kept in
        clear, so no whole phone or ID number belongs into it. The customer is the one of this turn,
        or the one named. Raises ValueError where there is none.
        """
        account, openid = account or self.account, openid or self.openid
        if not (account and openid):
            raise ValueError(f"notice {name}: say which account and openid it is for")
        due = at or self.now
        await notices.put(
            self.connection,
            account=account,
            openid=openid,
            key=f"{name}/{key}",
            name=name,
            facts=facts,
            due=due,
        )
        self.noticed()

    async def withdraw(self, name: str, *, key: str, account: str = "", openid: str = "") -> None:
        """Take back a notice that has not been told yet."""
        await notices.withdraw(
            self.connection,
            account=account or self.account,
            openid=openid or self.openid,
            key=f"{name}/{key}",
        )


class Business:
    """A set of queries, effects and events under one name, called as ``name.function``.

    A query takes ``(work, **arguments)`` and returns rows; an effect returns one row. Either may
    raise `Refused` or `Unavailable`. Values are JSON-able; money is yuan as a decimal string.

    >>> shop = Business("shop")
    >>> @shop.query
    ... async def offers(work, *, city): return [{"name": "tea", "city": city}]
    >>> sorted(shop.queries)
    ['shop.offers']
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.queries: dict[str, Query] = {}
        self.effects: dict[str, Effect] = {}
        self.events: dict[str, Event] = {}
        self.preparations: list[Preparation] = []
        self.forgettings: list[Forgetting] = []
        self.silencings: list[Forgetting] = []

    def query(self, function: Query) -> Query:
        """Register a read-only function under its own name."""
        self.queries[f"{self.name}.{_name(function)}"] = function
        return function

    def effect(self, function: Effect) -> Effect:
        """Register a function that changes something, under its own name."""
        self.effects[f"{self.name}.{_name(function)}"] = function
        return function

    def event(self, function: Event) -> Event:
        """Register what happens at the company outside of any chat, under its own name.

        It takes ``(work, **facts)``, changes the company's data and leaves notices for customers,
        in one transaction. It may be told of the same thing again, and may raise `Refused`. A row
        is what its teller is answered.
        """
        self.events[f"{self.name}.{_name(function)}"] = function
        return function

    def prepare(self, function: Preparation) -> Preparation:
        """Register what runs before the first turn and then regularly, each time in a transaction.

        It gets ``(connection, now)``, makes the tables it misses, and may run at any time again.
        """
        self.preparations.append(function)
        return function

    def forget(self, function: Forgetting) -> Forgetting:
        """Register what deletes a customer who has left; it runs in one transaction."""
        self.forgettings.append(function)
        return function

    def silence(self, function: Forgetting) -> Forgetting:
        """Register what ends all that a customer subscribed to; it runs in one transaction."""
        self.silencings.append(function)
        return function

    def with_parts(self, *parts: Business) -> Business:
        """This business with the queries, effects and events of others beside its own."""
        whole = Business(self.name)
        for part in (self, *parts):
            whole.queries.update(part.queries)
            whole.effects.update(part.effects)
            whole.events.update(part.events)
            whole.preparations.extend(part.preparations)
            whole.forgettings.extend(part.forgettings)
            whole.silencings.extend(part.silencings)
        return whole


def _name(function: Callable[..., Any]) -> str:
    return function.__name__
