"""How a company's business is connected: named queries and effects over the turn's transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

Row = Mapping[str, Any]
Query = Callable[..., Awaitable[list[Row]]]
Effect = Callable[..., Awaitable[Row]]
Preparation = Callable[[AsyncConnection, datetime], Awaitable[None]]
Forgetting = Callable[["Work"], Awaitable[None]]


class BusinessError(Exception):
    """Base of what the business room raises.

    BusinessError
    ├── Refused       a rule says no; the script has words for the reason
    └── Unavailable   the backend did not answer; the script keeps its slots and says so
    """


class Refused(BusinessError):
    """A rule of the business says no: scripts put ``reason`` into words with ``facts``."""

    def __init__(self, reason: str, /, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


class Unavailable(BusinessError):
    """A backend could not be reached or gave no usable answer in time."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one call may use: the turn's database connection, the time, and whose business it is.

    ``connection`` is in the transaction of the turn when an effect runs, and only reads when a
    query runs. ``key`` is the idempotency key of an effect (empty for a query).
    """

    connection: AsyncConnection
    now: datetime
    account: str
    openid: str
    key: str = ""


class Business:
    """A set of queries and effects under one name, called as ``name.function``.

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
        self.preparations: list[Preparation] = []
        self.forgettings: list[Forgetting] = []

    def query(self, function: Query) -> Query:
        """Register a read-only function under its own name."""
        self.queries[f"{self.name}.{_name(function)}"] = function
        return function

    def effect(self, function: Effect) -> Effect:
        """Register a function that changes something, under its own name."""
        self.effects[f"{self.name}.{_name(function)}"] = function
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

    def with_parts(self, *parts: Business) -> Business:
        """This business with the queries and effects of others beside its own."""
        whole = Business(self.name)
        for part in (self, *parts):
            whole.queries.update(part.queries)
            whole.effects.update(part.effects)
            whole.preparations.extend(part.preparations)
            whole.forgettings.extend(part.forgettings)
        return whole


def _name(function: Callable[..., Any]) -> str:
    return function.__name__
