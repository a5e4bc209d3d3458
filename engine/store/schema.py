"""The tables of the store. Each holds `account` and `openid`: a customer can be forgotten.

Those of the company's own people (`OWN`) do not. What customers said and were told, and values of
theirs, are sealed; keys, names of effects and times are not, so no number may be in those.

A change here needs a migration in `migrations/versions/` and a new `HEAD`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)

from engine.store.sealing import Mark, Sealed, SealedJson, SealedText

#: The newest migration. Said here too: opening an up-to-date database need not load alembic.
HEAD = "0013"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

if TYPE_CHECKING:
    _InstantBase = TypeDecorator[datetime]
else:
    _InstantBase = TypeDecorator


class Instant(_InstantBase):
    """A moment, kept as whole microseconds since 1970 UTC: sorts, compares and survives time zones.

    Takes aware datetimes only (`ValueError` otherwise) and gives them back in UTC.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"the store takes no time without a time zone: {value}")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


metadata = MetaData()

sessions = Table(
    "sessions",
    metadata,
    Column("account", String, primary_key=True),
    Column("openid", String, primary_key=True),
    Column("state", Sealed("sessions.state"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    #: When the conversation goes on by itself, if the customer says nothing before.
    Column("due", Instant),
    Index("sessions_due", "account", "due"),
    Index("sessions_at", "at"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("key", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("openid", String, nullable=False),
    Column("answer", Sealed("inbox.answer"), nullable=False),
    Column("at", Instant, nullable=False),
    #: Of a voice message: its words as the customer was shown them, and the chance that all of
    #: them are right.
    Column("heard", SealedText("inbox.heard")),
    Column("confidence", Float),
    #: The message that answered the platform, where it took along what waited for the customer or
    #: something was left to follow: that may be done once.
    Column("told", Sealed("inbox.told")),
    Index("inbox_customer", "account", "openid"),
    Index("inbox_at", "at"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("key", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("openid", String, nullable=False),
    Column("name", String, nullable=False),
    Column("arguments", SealedJson("ledger.arguments"), nullable=False),
    Column("result", SealedJson("ledger.result"), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ledger_customer", "account", "openid"),
    Index("ledger_at", "at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String, nullable=False),
    Column("openid", String, nullable=False),
    Column("reply", Sealed("outbox.reply"), nullable=False),
    #: When it may leave. No time: given up, kept for people to look at.
    Column("due", Instant),
    #: Until when a sender has it. A sender that dies lets its lease run out.
    Column("leased_until", Instant),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    #: The notice that it tells, by name, and what the notice says: a template may tell it instead.
    Column("notice", String),
    Column("facts", SealedJson("outbox.facts")),
    #: Equal for every try with it; numbers of rows that are gone are given again.
    Column("key", String),
    #: The message, by its key in the inbox, that the row answers or stands in for.
    Column("message", String),
    #: When that message was written, if its answer was told and nobody knows whether it arrived.
    Column("uncertain_since", Instant),
    #: Whether it is a part of a longer one, whose choices are noted already.
    Column("is_part", Boolean, nullable=False, server_default=false()),
    #: The platform's number of the template message that told it, while the outcome is awaited.
    Column("template", String),
    Index("outbox_due", "due"),
    Index("outbox_account", "account", "due"),
    Index("outbox_customer", "account", "openid", "due"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String, nullable=False),
    Column("openid", String, nullable=False),
    #: Equal for every telling of the same thing to the same customer.
    Column("key", String, nullable=False),
    Column("name", String, nullable=False),
    Column("facts", SealedJson("notices.facts"), nullable=False),
    #: When it is told. No time: given up, kept for people to look at.
    Column("due", Instant),
    Column("leased_until", Instant),
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("account", "openid", "key", name="notices_key"),
    Index("notices_due", "account", "due"),
)

follows = Table(
    "follows",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String, nullable=False),
    Column("openid", String, nullable=False),
    #: The notice with which news is told.
    Column("notice", String, nullable=False),
    #: What the news is about, such as the number of a parcel.
    Column("about", SealedText("follows.about"), nullable=False),
    Column("mark", Mark(of="about"), nullable=False),
    Column("at", Instant, nullable=False),
    Index("follows_mark", "mark"),
    Index("follows_customer", "account", "openid"),
)

pictures = Table(
    "pictures",
    metadata,
    Column("id", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("openid", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("model", SealedJson("pictures.model"), nullable=False),
    Column("at", Instant, nullable=False),
    Index("pictures_customer", "account", "openid"),
    Index("pictures_at", "at"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("account", String, primary_key=True),
    Column("openid", String, primary_key=True),
    #: Of what was uploaded: the same picture is uploaded once while the platform keeps it.
    Column("digest", String, primary_key=True),
    Column("media_id", String, nullable=False),
    Column("until", Instant, nullable=False),
    Index("uploads_until", "until"),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String, nullable=False),
    Column("openid", String, nullable=False),
    Column("at", Instant, nullable=False),
    #: `customer`, `engine` or `clerk`.
    Column("author", String, nullable=False),
    #: Masked: no whole phone or identity number is in it.
    Column("text", SealedText("conversation.text"), nullable=False),
    #: Of what a customer said: what it was taken for, how surely, and whether a person should look.
    Column("intent", String),
    Column("confidence", Float),
    Column("is_doubtful", Boolean, nullable=False),
    #: As logs name it. Its first line has how it went.
    Column("turn", String, nullable=False, server_default=""),
    Column("trace", SealedJson("conversation.trace")),
    #: Of doubtful words: the same for the same ones, which the sealed text is not.
    Column("mark", Mark(of="text")),
    Index("conversation_turn", "turn"),
    Index("conversation_customer", "account", "openid", "id"),
    Index("conversation_at", "at"),
    Index("conversation_doubtful", "is_doubtful"),
)

waiting = Table(
    "waiting",
    metadata,
    Column("account", String, primary_key=True),
    Column("openid", String, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("reason", String, nullable=False),
    #: Who has taken the customer; nobody yet: empty.
    Column("clerk", String, nullable=False),
    Column("name", SealedText("waiting.name"), nullable=False),
    #: The open task as the desk shows it.
    Column("task", SealedJson("waiting.task"), nullable=False),
)

api_messages = Table(
    "api_messages",
    metadata,
    Column("account", String, primary_key=True),
    #: As the program that sent it calls it.
    Column("id", String, primary_key=True),
    Column("openid", String, nullable=False),
    #: Of what was asked. Sealed, for few numbers make a text, and their digests can be tried.
    Column("digest", SealedText("api_messages.digest"), nullable=False),
    #: Everything that was told with it; nothing while it is in work.
    Column("answer", Sealed("api_messages.answer")),
    Column("at", Instant, nullable=False),
    Index("api_messages_customer", "account", "openid"),
    Index("api_messages_at", "at"),
)

choices = Table(
    "choices",
    metadata,
    Column("account", String, primary_key=True),
    Column("openid", String, primary_key=True),
    #: What a phone shows last to choose from. The place is where it was sealed before 0012.
    Column("buttons", Sealed("api_messages.answer"), nullable=False),
    Column("at", Instant, nullable=False),
    Index("choices_at", "at"),
)

clerks = Table(
    "clerks",
    metadata,
    Column("name", String, primary_key=True),
    Column("password", String, nullable=False),
    #: Signs this clerk's cookies; a new one ends all of them.
    Column("key", LargeBinary, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("locked_until", Instant),
)

tokens = Table(
    "tokens",
    metadata,
    Column("appid", String, primary_key=True),
    #: The platform's access token; empty before the first.
    Column("token", Text, nullable=False),
    Column("renew_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    #: Until when one process fetches a new one and all others wait.
    Column("leased_until", Instant),
)

#: Tables that hold nothing of customers.
OWN = frozenset({clerks, tokens})
