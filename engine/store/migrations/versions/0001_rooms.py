"""Sessions, inbox, ledger, outbox and pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _sessions()
    _inbox()
    _ledger()
    _outbox()
    _pictures()


def _customer() -> list[sa.Column[str]]:
    return [
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("openid", sa.String(), nullable=False),
    ]


def _at() -> sa.Column[int]:
    return sa.Column("at", sa.BigInteger(), nullable=False)


def _sessions() -> None:
    op.create_table(
        "sessions",
        *_customer(),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _at(),
        sa.PrimaryKeyConstraint("account", "openid"),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(), primary_key=True),
        *_customer(),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        _at(),
    )
    op.create_index("inbox_customer", "inbox", ["account", "openid"])


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("key", sa.String(), primary_key=True),
        *_customer(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        _at(),
    )
    op.create_index("ledger_customer", "ledger", ["account", "openid"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_customer(),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
        sa.Column("due", sa.BigInteger()),
        sa.Column("leased_until", sa.BigInteger()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text()),
    )
    op.create_index("outbox_due", "outbox", ["due"])
    op.create_index("outbox_customer", "outbox", ["account", "openid"])


def _pictures() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", sa.String(), primary_key=True),
        *_customer(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("model", sa.JSON(), nullable=False),
        _at(),
    )
    op.create_index("pictures_customer", "pictures", ["account", "openid"])
