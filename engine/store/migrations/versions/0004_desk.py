"""What was said in conversations, who waits for a person, and the clerks of the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("openid", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("intent", sa.String()),
        sa.Column("confidence", sa.Float()),
        sa.Column("is_doubtful", sa.Boolean(), nullable=False),
    )
    op.create_index("conversation_customer", "conversation", ["account", "openid", "id"])
    op.create_index("conversation_at", "conversation", ["at"])
    op.create_index("conversation_doubtful", "conversation", ["is_doubtful"])
    op.create_table(
        "waiting",
        sa.Column("account", sa.String(), primary_key=True),
        sa.Column("openid", sa.String(), primary_key=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("clerk", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("task", sa.JSON(), nullable=False),
    )
    op.create_table(
        "clerks",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.BigInteger()),
    )
