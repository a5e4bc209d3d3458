"""How a turn went, beside what was said in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("conversation", sa.Column("turn", sa.String(), nullable=False, server_default=""))
    op.add_column("conversation", sa.Column("trace", sa.JSON()))
    op.create_index("conversation_turn", "conversation", ["turn"])
