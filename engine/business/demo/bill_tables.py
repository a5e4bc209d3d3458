"""The tables of what is owed and of how it is paid. Money is integer fen, dates are ISO text."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, Integer, String, Table

from engine.business.demo.tables import metadata

bills = Table(
    "demo_bill",
    metadata,
    Column("bill_no", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("title", String, nullable=False),
    Column("phone", String, nullable=False, index=True),
    Column("holder", String, nullable=False),
    #: The month that it is for, `2026-10`, where there is one.
    Column("period", String, nullable=False),
    Column("order_no", String, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("due", String, nullable=False),
    #: The late fee up to ``fee_from``; from that day on it goes on growing.
    Column("fee", Integer, nullable=False),
    Column("fee_from", String, nullable=False),
    Column("paid", Integer, CheckConstraint("paid >= 0"), nullable=False),
    Column("paid_on", String, nullable=False),
)

payments = Table(
    "demo_payment",
    metadata,
    Column("order_no", String, primary_key=True),
    #: Who has it may look at the page and pay: it stands in the link and nowhere else.
    Column("token", String, nullable=False, unique=True),
    #: open, then paid, closed, expired or changed, each for good.
    Column("status", String, nullable=False),
    Column("account", String, nullable=False),
    Column("openid", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("title", String, nullable=False),
    Column("amount", Integer, CheckConstraint("amount > 0"), nullable=False),
    #: What was owed when it was confirmed, by bill.
    Column("owed", JSON, nullable=False),
    Column("made", String, nullable=False),
    Column("expires", String, nullable=False),
    Column("settled", String, nullable=False),
    #: The payment company's own number: one payment settles one order.
    Column("transaction", String, unique=True),
    Column("key", String, unique=True),
)
