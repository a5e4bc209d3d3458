"""The demo company's tables. Times are ISO text (`clock`), money is integer fen (`money`)."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData()

world = Table(
    "demo_world",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("body", JSON, nullable=False),
)

airports = Table(
    "demo_airport",
    metadata,
    Column("code", String, primary_key=True),
    Column("city", String, nullable=False),
    Column("name", String, nullable=False),
)

aircraft = Table(
    "demo_aircraft",
    metadata,
    Column("code", String, primary_key=True),
    Column("cabins", JSON, nullable=False),
)

flights = Table(
    "demo_flight",
    metadata,
    Column("id", String, primary_key=True),
    Column("flight_no", String, nullable=False, index=True),
    Column("date", String, nullable=False, index=True),
    Column("airline", String, nullable=False),
    Column("origin", ForeignKey("demo_airport.code"), nullable=False),
    Column("destination", ForeignKey("demo_airport.code"), nullable=False),
    Column("scheduled", String, nullable=False),
    Column("departure", String, nullable=False),
    Column("arrival", String, nullable=False),
    Column("delay", Integer, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("terminal", String, nullable=False),
    Column("gate", String, nullable=False),
    Column("aircraft", ForeignKey("demo_aircraft.code"), nullable=False),
    # Seats given away outside of this chat, separated by spaces.
    Column("held", String, nullable=False),
    Column("sequence", Integer, nullable=False),
)

members = Table(
    "demo_member",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("phone", String, nullable=False, unique=True),
    Column("id_number", String, nullable=False, unique=True),
)

#: Which customer of a chat is which member. An empty account stands for every account.
bindings = Table(
    "demo_binding",
    metadata,
    Column("account", String, primary_key=True),
    Column("openid", String, primary_key=True),
    Column("member", ForeignKey("demo_member.id"), nullable=False),
)

#: Codes that were sent to prove a phone. `left` counts the tries that are left.
codes = Table(
    "demo_code",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String, nullable=False),
    Column("openid", String, nullable=False),
    Column("phone", String, nullable=False, index=True),
    Column("code", String, nullable=False),
    Column("at", String, nullable=False),
    Column("left", Integer, nullable=False),
)

#: What customers want to be told of: a flight by its key, or a phone whose balance is `below`.
subscriptions = Table(
    "demo_subscription",
    metadata,
    Column("account", String, primary_key=True),
    Column("openid", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("subject", String, primary_key=True, index=True),
    Column("below", Integer),
)

orders = Table(
    "demo_order",
    metadata,
    Column("order_no", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("account", String, nullable=False),
    Column("openid", String, nullable=False),
    Column("member", ForeignKey("demo_member.id")),
    Column("amount", Integer, nullable=False),
    Column("price", Integer, nullable=False),
    Column("at", String, nullable=False),
    Column("phone", String, index=True),
    Column("balance_before", Integer),
    # The turn's ledger keeps an effect from running twice; this is the company's own defence.
    Column("key", String, unique=True),
)

passengers = Table(
    "demo_passenger",
    metadata,
    Column("ticket_no", String, primary_key=True),
    Column("order_no", ForeignKey("demo_order.order_no"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("latin", String, nullable=False),
    Column("id_number", String, nullable=False, index=True),
)

segments = Table(
    "demo_segment",
    metadata,
    Column("id", String, primary_key=True),
    Column("ticket_no", ForeignKey("demo_passenger.ticket_no"), nullable=False),
    Column("flight", ForeignKey("demo_flight.id"), nullable=False),
    Column("cabin", String, nullable=False),
    Column("sequence", Integer),
    Column("key", String, unique=True),
    UniqueConstraint("ticket_no", "flight"),
)

#: A seat is sold once: the primary key says so, whatever the code above it does.
seats = Table(
    "demo_seat",
    metadata,
    Column("flight", ForeignKey("demo_flight.id"), primary_key=True),
    Column("seat", String, primary_key=True),
    Column("segment", ForeignKey("demo_segment.id"), nullable=False, unique=True),
)

#: An infant on somebody's lap; it has no seat of its own, and a lap holds one.
laps = Table(
    "demo_lap",
    metadata,
    Column("infant", ForeignKey("demo_segment.id"), primary_key=True),
    Column("guardian", ForeignKey("demo_segment.id"), nullable=False, unique=True),
)

prefixes = Table(
    "demo_prefix",
    metadata,
    Column("prefix", String, primary_key=True),
    Column("operator", String, nullable=False),
)

offers = Table(
    "demo_offer",
    metadata,
    Column("operator", String, primary_key=True),
    Column("amount", Integer, primary_key=True),
    Column("price", Integer, nullable=False),
)

plans = Table(
    "demo_plan",
    metadata,
    Column("name", String, primary_key=True),
    Column("data_mb", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
)

subscribers = Table(
    "demo_subscriber",
    metadata,
    Column("phone", String, primary_key=True),
    Column("holder", String),
    Column("plan", ForeignKey("demo_plan.name")),
    Column("balance", Integer, nullable=False),
    Column("data_left_mb", Integer, nullable=False),
    Column("minutes_left", Integer, nullable=False),
)

#: Numbers that rule the business, by name: an amount in fen, a rate, minutes.
limits = Table(
    "demo_limit",
    metadata,
    Column("name", String, primary_key=True),
    Column("amount", Integer, CheckConstraint("amount > 0"), nullable=False),
)
