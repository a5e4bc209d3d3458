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
    #: `up`: from the terminal; `down`: from the account; `notice`: said by the platform itself;
    #: `silent`: told to the account, and not shown.
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

#: Menus that came through the API: `rule` says whose it is, and is null for everybody's.
menus = Table(
    "menus",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String, nullable=False),
    Column("rule", JSON(none_as_null=True)),
    Column("buttons", JSON, nullable=False),
    # A menu that is gone must not lend its number to the next.
    sqlite_autoincrement=True,
)

qrcodes = Table(
    "qrcodes",
    metadata,
    Column("ticket", String, primary_key=True),
    #: The last part of the address that the picture holds.
    Column("code", String, nullable=False, unique=True),
    Column("account", String, nullable=False),
    Column("scene", String, nullable=False),
    Column("is_number", Boolean, nullable=False),
    #: Null for permanent ones.
    Column("ends", BigInteger),
)

tags = Table(
    "tags",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String, nullable=False),
    Column("name", String, nullable=False),
    UniqueConstraint("account", "name"),
    sqlite_autoincrement=True,
)

tagged = Table(
    "tagged",
    metadata,
    Column("tag", ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
    Column("openid", String, primary_key=True),
)

remarks = Table(
    "remarks",
    metadata,
    Column("account", String, primary_key=True),
    Column("openid", String, primary_key=True),
    Column("remark", String, nullable=False),
)

#: How often an account has made a kind of call in a span of time, a day or a month.
usage = Table(
    "usage",
    metadata,
    Column("account", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("span", String, primary_key=True),
    Column("calls", Integer, nullable=False),
)

#: Limits that the administrator has set in place of the platform's own.
limits = Table(
    "limits",
    metadata,
    Column("account", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("most", Integer, nullable=False),
)

#: How far a chat has been read.
reads = Table(
    "reads",
    metadata,
    Column("account", String, primary_key=True),
    Column("terminal", ForeignKey("terminals.id"), primary_key=True),
    Column("message", Integer, nullable=False),
)
