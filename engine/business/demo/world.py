"""The demo world as data: what its files in `data/demo/` may say, read into typed values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

import msgspec
import yaml

from engine import assets

Cabin = Literal["economy", "business"]

#: The files of `data/demo/` that describe the company; the others there are not of its world.
_FILES = ("airline", "people", "telecom", "bills")


class Airport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    city: str
    name: str


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The seats of one cabin. `columns` has a space at each aisle; `rows` is first and last row."""

    columns: str
    rows: tuple[int, int]
    exit: tuple[int, ...] = ()
    paid: dict[str, tuple[int, ...]] = {}
    blocked: tuple[str, ...] = ()


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One flight number: when it goes on which weekdays (1 = Monday), and who sits in it already.

    `fill` is the share of seats given away elsewhere, in percent, the same ones every day;
    `taken` and `free` name exceptions.
    """

    flight_no: str
    route: tuple[str, str]
    at: str
    minutes: int
    aircraft: str
    terminal: str
    gate: str
    days: str = "1234567"
    delay: int = 0
    cancelled: bool = False
    fill: int = 55
    taken: tuple[str, ...] = ()
    free: tuple[str, ...] = ()


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    phone: str
    id_number: str
    openid: str = ""


class Passenger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`latin` is the name as tickets print it, SURNAME/GIVEN."""

    name: str
    latin: str
    id_number: str
    ticket_no: str


class Ticket(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An airline order: its passengers fly in `day` days. `buyer` is a member's name."""

    order_no: str
    flight_no: str
    day: int
    price: str
    passengers: tuple[Passenger, ...]
    cabin: Cabin = "economy"
    buyer: str = ""
    status: Literal["ticketed", "refunded"] = "ticketed"


class TopUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A top-up of the past. `ago` counts days."""

    order_no: str
    buyer: str
    phone: str
    amount: str
    price: str
    ago: int
    at: str
    status: Literal["done", "refunded"] = "done"


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    data_mb: int
    minutes: int


class Subscriber(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phone: str
    holder: str
    plan: str
    balance: str
    data_left_mb: int
    minutes_left: int


class Bill(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something owed. `month` counts from the current one (None: for no month), `due` days.

    What was paid by now was paid on the day `paid_day`.
    """

    bill_no: str
    kind: Literal["mobile", "broadband", "landline", "arrears", "change_fee"]
    title: str
    phone: str
    holder: str
    amount: str
    due: int
    month: int | None = None
    paid: str = "0"
    paid_day: int = 0
    order_no: str = ""


class World(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that the demo company has before the first customer comes."""

    airlines: dict[str, str]
    airports: dict[str, Airport]
    aircraft: dict[str, dict[Cabin, Layout]]
    flights: tuple[Schedule, ...]
    members: tuple[Member, ...]
    tickets: tuple[Ticket, ...]
    top_ups: tuple[TopUp, ...]
    operators: dict[str, tuple[str, ...]]
    offers: dict[str, dict[str, str]]
    daily_limit: str
    plans: dict[str, Plan]
    subscribers: tuple[Subscriber, ...]
    late_fee_permille: int = 3
    payment_minutes: int = 15
    bills: tuple[Bill, ...] = ()


def load(changes: Mapping[str, Any] | None = None) -> World:
    """The world of `data/demo/`, with the top-level keys of `changes` in place of its own.

    Raises msgspec.ValidationError that names the key which is wrong.
    """
    if not changes:
        return _default()
    return msgspec.convert({**_files(), **changes}, World, strict=False)


@cache
def _default() -> World:
    return msgspec.convert(_files(), World)


@cache
def _files() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    whole: dict[str, Any] = {}
    for name in _FILES:
        text = (assets.data() / "demo" / f"{name}.yaml").read_text("utf-8")
        whole.update(yaml.load(text, Loader=loader))  # noqa: S506
    return whole
