"""Messages of other programs: what was asked under an id, and what was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "api_messages",
        sa.Column("account", sa.String(), primary_key=True),
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("openid", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary()),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("api_messages_customer", "api_messages", ["account", "openid"])
    op.create_index("api_messages_at", "api_messages", ["at"])
