"""What calls to a platform share: access tokens, uploads, and what a late reply tells."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("notice", sa.String()))
    op.add_column("outbox", sa.Column("facts", sa.JSON()))
    op.create_table(
        "uploads",
        sa.Column("account", sa.String(), primary_key=True),
        sa.Column("openid", sa.String(), primary_key=True),
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("media_id", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.create_index("uploads_until", "uploads", ["until"])
    op.create_table(
        "tokens",
        sa.Column("appid", sa.String(), primary_key=True),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("renew_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.BigInteger()),
    )
