"""The relay's own tables: who signs in, who follows what, every message and what became of it.

Moments are whole milliseconds since 1970 UTC.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

#: Secrets that the relay makes once: what signs cookies, what openids are derived from.
secrets = Table(
    "secrets",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

terminals = Table(
    "terminals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("password", String, nullable=False),
    #: A fixed openid, so that demo data can know this customer; else one is derived for each.
    Column("openid", String),
)

contacts = Table(
    "contacts",
    metadata,
    Column("account", String, primary_key=True),
    Column("terminal", ForeignKey("terminals.id"), primary_key=True),
    Column("openid", String, nullable=False),
    Column("followed", Boolean, nullable=False),
    Column("since", BigInteger, nullable=False),
    #: Messages up to this id belong to an earlier time of following and are not shown again.
    Column("cleared", Integer, nullable=False),
    UniqueConstraint("account", "openid"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    #: Rises with every change of any message: a page that knows N asks for what is above N.
    Column("revision", Integer, nullable=False, unique=True),
    Column("account", String, nullable=False),
    Column("terminal", ForeignKey("terminals.id"), nullable=False),
    #: `up`: from the terminal; `down`: from the account; `notice`: said by the platform itself.
    Column("direction", String, nullable=False),
    Column("content", JSON, nullable=False),
    #: `sending`, `retrying`, `sent`, `failed`; what comes down is `sent` at once.
    Column("status", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    #: What a page calls its message: a request repeated by the page is the same message.
    Column("nonce", String),
    Column("msg_id", BigInteger, unique=True),
    UniqueConstraint("terminal", "nonce"),
    Index("messages_chat", "terminal", "account", "id"),
    Index("messages_open", "status"),
)

#: Every request of a message to its provider, and what came back.
tries = Table(
    "tries",
    metadata,
    Column("message", ForeignKey("messages.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("request", Text, nullable=False),
    Column("http_status", Integer),
    Column("answer", LargeBinary, nullable=False),
    #: Why this try failed; empty when its answer was good.
    Column("problem", Text, nullable=False),
)

media = Table(
    "media",
    metadata,
    Column("id", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("type", String, nullable=False),
    Column("content_type", String, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)
